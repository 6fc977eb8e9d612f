import { resumeCommand, sweepReport } from '../../../tools/sweep/report';

const RESULT = { seen: 1200, waiting: 2, announced: 2, hopeless: [], oldestMs: 3_600_000, after: undefined };

describe('the report of a sweep', () => {
  it('says what was found and what was done', () => {
    expect(sweepReport(RESULT, false)).toBe(
      '2 uploads waiting, the oldest for 60 min 0 s; 1,200 objects looked at\n2 uploads announced to process-upload',
    );
    expect(sweepReport({ ...RESULT, waiting: 0, announced: 0 }, true)).toBe(
      '0 uploads waiting; 1,200 objects looked at\nNothing was announced (--dry-run)',
    );
  });

  it('names what can never be moved', () => {
    expect(sweepReport({ ...RESULT, hopeless: ['uploads/long\n'] }, false)).toContain('\n  uploads/long\\n');
  });
});

describe('the command that goes on', () => {
  it('keeps the options and goes on after the key', () => {
    expect(resumeCommand(['--prefix', 'uploads/a b/', '--rate', '5'], 'uploads/x.csv')).toBe(
      "npm run sweep -- --prefix 'uploads/a b/' --rate 5 --after uploads/x.csv",
    );
  });

  it.each([[['--after', 'old']], [['--after=old']]])('replaces %j', (args) => {
    expect(resumeCommand([...args, '--dry-run'], 'new')).toBe('npm run sweep -- --dry-run --after new');
  });

  it('quotes a key for the shell', () => {
    expect(resumeCommand([], "it's $(rm -rf ~)")).toBe(
      String.raw`npm run sweep -- --after 'it'\''s $(rm -rf ~)'`,
    );
  });
});
