import { readFileSync } from 'node:fs';
import { Lab, TRIALS, type Tried } from './iam/trials';
import { LocalPipeline } from './local-pipeline';

const SECTION = /### What it enforces\n[\s\S]*?(?=\n##)/u;

/** The rows of the table in docs/local.md: what, and whether the engine enforces it. */
const ROWS = [
  ...(SECTION.exec(readFileSync('docs/local.md', 'utf8'))?.[0] ?? '').matchAll(
    /^\| (?!-)(.+?) +\| (\w[\w ]*?) +\|$/gmu,
  ),
]
  .map(([, what = '', verdict = '']) => [what, verdict] as const)
  .slice(1);

const verdictOf = ({ without, with: allowed }: Tried): string => {
  if (!allowed) return 'refuses it always';
  return without ? 'no' : 'yes';
};

/** On an engine without a deployment: each row is tried without the permission, and with it. */
describe('what the engine enforces of IAM', () => {
  let pipeline: LocalPipeline;
  let lab: Lab;

  beforeAll(async () => {
    pipeline = await LocalPipeline.inCopy();
    lab = new Lab(await pipeline.startEngine());
  });
  afterAll(() => pipeline.end());

  it('is all in the table of docs/local.md, and nothing else', () => {
    expect(ROWS.map(([what]) => what).sort()).toEqual(Object.keys(TRIALS).sort());
  });

  it.each(ROWS)('%s: %s', async (what, verdict) => {
    await lab.prepare(verdict === 'no');

    expect(verdictOf((await TRIALS[what]?.(lab)) ?? { without: false, with: false })).toBe(verdict);
  });
});
