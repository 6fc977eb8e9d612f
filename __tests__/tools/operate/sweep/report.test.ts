import { resumeCommand, sweepReport } from '../../../../tools/operate/sweep/report';

const RESULT = {
  seen: 1200,
  waiting: 2,
  resubmitted: 2,
  postponed: 0,
  unmovable: [],
  oldestMs: 3_600_000,
  next: undefined,
};

const DONE = { dryRun: false, younger: 0, olderThanMs: 900_000 };

describe('the report of a sweep', () => {
  it('says what was found and what was done', () => {
    expect(sweepReport(RESULT, DONE)).toBe(
      '2 uploads waiting, the oldest for 60 min 0 s; 1,200 objects looked at\n2 uploads resubmitted to process-upload',
    );
    expect(sweepReport({ ...RESULT, waiting: 0, resubmitted: 0 }, { ...DONE, dryRun: true })).toBe(
      '0 uploads waiting; 1,200 objects looked at\nNothing was resubmitted (--dry-run)',
    );
  });

  it('says what is there and was left alone for its age', () => {
    const looked = { ...RESULT, seen: 1, waiting: 0, resubmitted: 0 };

    expect(sweepReport(looked, { ...DONE, dryRun: true, younger: 1 })).toContain(
      '0 uploads waiting, 1 upload younger than 15 min; 1 object looked at\n',
    );
    expect(sweepReport(looked, { ...DONE, younger: 2, olderThanMs: 30_000 })).toContain(
      ', 2 uploads younger than 30 s;',
    );
  });

  it('names what can never be moved', () => {
    expect(sweepReport({ ...RESULT, unmovable: ['uploads/long\n'] }, DONE)).toContain('\n  uploads/long\\n');
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

  it('begins anew where no key was seen yet', () => {
    expect(resumeCommand(['--after', 'old', '--rate', '5'], undefined)).toBe('npm run sweep -- --rate 5');
  });

  it('quotes a key for the shell', () => {
    expect(resumeCommand([], "it's $(rm -rf ~)")).toBe(
      String.raw`npm run sweep -- --after 'it'\''s $(rm -rf ~)'`,
    );
  });
});
