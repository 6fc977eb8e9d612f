import { coloursFor, duration, indent, table } from '../../../tools/lib/terminal';

const write = (): boolean => true;

describe('coloursFor', () => {
  it('colours on a terminal', () => {
    expect(coloursFor({ write, isTTY: true }, {}).good('moved')).toBe('\u001b[32mmoved\u001b[39m');
  });

  it.each([
    ['a file or a pipe', { write }, {}],
    ['a terminal with NO_COLOR', { write, isTTY: true }, { NO_COLOR: '1' }],
    ['a terminal that knows no colours', { write, isTTY: true }, { TERM: 'dumb' }],
  ])('changes nothing on %s', (_, output, env) => {
    expect(coloursFor(output, env).bad('failed')).toBe('failed');
  });
});

describe('table', () => {
  it('aligns columns and leaves no blanks at the end of a line', () => {
    const rows = [
      ['bucket', 'b', 'x'],
      ['failure queue', 'url'],
    ];

    expect(table(rows)).toBe('  bucket         b    x\n  failure queue  url');
  });

  it('is empty without rows', () => {
    expect(table([])).toBe('');
  });
});

describe('duration', () => {
  it.each([
    [41.4, '41 ms'],
    [999, '999 ms'],
    [4_240, '4.2 s'],
    [33_400, '33 s'],
    [125_000, '2 min 5 s'],
  ])('says %d milliseconds as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe('indent', () => {
  it('moves every line but blank ones', () => {
    expect(indent('a\n\nb')).toBe('  a\n\n  b');
  });
});
