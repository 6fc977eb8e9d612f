import { bar } from '../../../tools/lib/bar';
import { durationOption, integerOption } from '../../../tools/lib/options';

const RATE = { option: '--rate', minimum: 1, maximum: 1000 };

describe('integerOption', () => {
  it.each(['1', '1000'])('takes %p', (text) => {
    expect(integerOption(text, RATE)).toBe(Number(text));
  });

  it.each(['0', '1001', '1.5', '-1', '', 'ten', '1e2'])('refuses %p', (text) => {
    expect(() => integerOption(text, RATE)).toThrow(
      `--rate: got ${JSON.stringify(text)}; expected an integer from 1 to 1000.`,
    );
  });
});

describe('durationOption', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('takes %p', (text, milliseconds) => {
    expect(durationOption(text, '--since')).toBe(milliseconds);
  });

  it.each(['', '15', 'm', '0s', '-1m', '1.5h', '15 m'])('refuses %p', (text) => {
    expect(() => durationOption(text, '--since')).toThrow(
      `--since: got ${JSON.stringify(text)}; expected a number with s, m, h or d, such as 15m.`,
    );
  });
});

describe('bar', () => {
  it('fills as things get done, and never runs over a guessed total', () => {
    expect(bar(0, 0)).toBe(`[${'░'.repeat(24)}] 0/0`);
    expect(bar(50, 100)).toBe(`[${'█'.repeat(12)}${'░'.repeat(12)}] 50/100`);
    expect(bar(120, 100)).toBe(`[${'█'.repeat(24)}] 120/120`);
  });
});
