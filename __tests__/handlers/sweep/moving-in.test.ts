import { handleEvent } from '../../../handlers/process-upload/handle-event';
import { pace } from '../../../handlers/shared/pace';
import { uploadEvent } from '../../../handlers/shared/upload-event';
import { judge } from '../../../handlers/sweep/judge';
import { sweep, type Page } from '../../../handlers/sweep/sweep';
import { dependencies, storeOf } from '../../support/dependencies';
import { BUCKET } from '../../support/events';
import { S3Model } from '../../support/s3-model';

const FOLDERS = 100;
const NAMES = 100;
const PER_SECOND = 50;
const PAGE = 1000;
const PREFIXES = { uploadPrefix: 'uploads/', processedPrefix: 'processed/' };
const TUTORIAL = 'moved by its base name before';

/** A bucket that was in use for years: 10,000 uploads that nobody moved, of which a hundred each share a base name. */
function oldBucket() {
  const model = new S3Model();
  const uploads: string[] = [];
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    for (let name = 0; name < NAMES; name += 1) {
      const key = `uploads/${folder}/report-${name}.csv`;
      model.put(key, `content of ${key}`);
      uploads.push(key);
    }
  }
  for (let name = 0; name < NAMES; name += 1) model.put(`processed/report-${name}.csv`, TUTORIAL);
  return { model, uploads };
}

test('10,000 uploads that were there first are moved once, apart, at the rate of the sweep', async () => {
  const { model, uploads } = oldBucket();
  let now = Date.UTC(2026, 0, 2);
  const lastModified = new Date(Date.UTC(2026, 0, 1));
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const listed = [...model.keys('uploads/')];
  const list = ({ after = '' }): Promise<Page> => {
    const first = after === '' ? 0 : listed.indexOf(after) + 1;
    const objects = listed.slice(first, first + PAGE).map((key) => {
      const { etag = '', size = 0 } = model.current(key) ?? {};
      return { key, etag, size, lastModified };
    });
    const last = first + PAGE >= listed.length;
    return Promise.resolve({ objects, next: last ? undefined : { after: objects.at(-1)?.key } });
  };
  const resubmittedAt: number[] = [];

  const result = await sweep(
    {
      list,
      judge: (object) => judge(BUCKET, object, PREFIXES),
      resubmit: async (object) => {
        resubmittedAt.push(now);
        await handleEvent(uploadEvent(BUCKET, object), dependencies({ openStore: storeOf(model) }));
      },
      pace: pace(PER_SECOND, clock),
      now: clock.now,
      mustStop: () => false,
    },
    { olderThanMs: 15 * 60_000, maximumPerSecond: PER_SECOND },
  );

  expect(result).toMatchObject({ resubmitted: FOLDERS * NAMES, unmovable: [], next: undefined });
  expect(model.keys('uploads/')).toEqual([]);
  for (const key of uploads) {
    expect(model.current(key.replace('uploads/', 'processed/'))?.content).toBe(`content of ${key}`);
  }
  // What the tutorial had moved lies where it lay.
  expect(model.keys('processed/')).toHaveLength(FOLDERS * NAMES + NAMES);
  expect(model.current('processed/report-0.csv')?.content).toBe(TUTORIAL);
  // No second has more than the rate and one batch of ten.
  const tooFast = resubmittedAt.filter(
    (at, i) => at - (resubmittedAt[i - PER_SECOND - 10] ?? -Infinity) < 1000,
  );
  expect(tooFast).toEqual([]);
});
