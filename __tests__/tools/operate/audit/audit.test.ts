import type { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { move } from '../../../../handlers/process-upload/move';
import { destinationOf, type PrefixPair } from '../../../../handlers/process-upload/prefixes';
import { s3Store } from '../../../../handlers/process-upload/s3-store';
import type { OnExisting } from '../../../../handlers/process-upload/environment';
import { audit, type AuditOptions } from '../../../../tools/operate/audit/audit';
import { everyUpload } from '../../../../tools/operate/audit/every-upload';
import { fakeClient } from '../../../support/fake-client';
import { S3Model, type ModelOptions, type StoredVersion } from '../../../support/s3-model';
import { versionListing, type Listed } from '../../../support/version-listing';

const PREFIXES = { upload: 'uploads/', processed: 'processed/' };

/** A versioned bucket with the real mover. A second passes with each action: S3's times are whole seconds. */
class Bucket {
  readonly model: S3Model;
  readonly #times = new Map<StoredVersion, number>();
  #now = 0;

  constructor(
    private readonly onExisting: OnExisting,
    options: ModelOptions = {},
  ) {
    this.model = new S3Model(options);
  }

  upload(name: string, content: string): void {
    this.model.put(PREFIXES.upload + name, content);
    this.#tick();
  }

  async move(name: string): Promise<void> {
    const key = PREFIXES.upload + name;
    const { client } = fakeClient(this.model);
    const store = s3Store({ client, bucket: 'b', signal: new AbortController().signal });
    const destination = destinationOf(key, { uploadPrefix: 'uploads/', processedPrefix: 'processed/' });
    await move(
      { key, destination, version: undefined },
      {
        store,
        onExisting: this.onExisting,
        prepare: () => Promise.resolve('ready'),
        backOff: () => Promise.resolve(),
      },
    );
    this.#tick();
  }

  remove(key: string): void {
    if (this.model.current(key)) this.model.remove(key);
    this.#tick();
  }

  /** Every version of a content below `processed/` goes for good. */
  lose(content: string): boolean {
    let lost = false;
    for (const [key, versions] of this.model.versions) {
      if (!key.startsWith(PREFIXES.processed)) continue;
      const kept = versions.filter((version) => version.content !== content);
      lost ||= kept.length < versions.length;
      this.model.versions.set(key, kept);
    }
    return lost;
  }

  async audit(options: Partial<AuditOptions> = {}, pageSize = 2, pairs: readonly PrefixPair[] = [PREFIXES]) {
    const { client } = versionListing(this.#entries(), pageSize);
    return audit(everyUpload({ client, bucket: 'b', signal: new AbortController().signal, pairs }), {
      named: 100,
      ...options,
    });
  }

  #tick(): void {
    this.#now += 1_000;
    for (const version of [...this.model.versions.values()].flat()) {
      if (!this.#times.has(version)) this.#times.set(version, this.#now);
    }
  }

  #entries(): Listed[] {
    return [...this.model.versions].flatMap(([key, versions]) =>
      versions
        .map((version, i) => ({
          key,
          versionId: `v${i}`,
          at: this.#times.get(version) ?? 0,
          isLatest: i === versions.length - 1,
          ...(!version.deleteMarker && { content: version }),
        }))
        .reverse(),
    );
  }
}

type Action = { do: 'upload'; name: string; content: string } | { do: 'move' | 'consume'; name: string };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('upload' as const), name: name(), content: content() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), name: name() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('consume' as const), name: name() }) },
);

/** Names that are beginnings of each other, and one that looks like a second name. */
function name() {
  return fc.constantFrom('a', 'a.~', 'a/b', '\u{1F600}', '\uFF5E');
}

function content() {
  return fc.constantFrom('one', 'two', 'six', 'four');
}

const played = async (actions: readonly Action[], bucket: Bucket): Promise<Bucket> => {
  for (const next of actions) {
    if (next.do === 'upload') bucket.upload(next.name, next.content);
    else if (next.do === 'move') await bucket.move(next.name);
    else bucket.remove(PREFIXES.processed + next.name);
  }
  return bucket;
};

describe.each(['replace', 'keepBoth'] as const)('with %s', (onExisting) => {
  it.each(['md5', 'opaque'] as const)('accounts for all that the mover did, with %s ETags', async (etags) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 14 }),
        fc.integer({ min: 1, max: 5 }),
        async (actions, size) => {
          const bucket = await played(actions, new Bucket(onExisting, { etags }));
          const { fates, unaccounted, uploads } = await bucket.audit({}, size);
          expect({ fates: fates.unaccounted, unaccounted }).toEqual({ fates: 0, unaccounted: [] });
          expect(uploads).toBe(actions.filter(({ do: what }) => what === 'upload').length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('finds what keepBoth stored under second names, with other names in between', async () => {
  const bucket = new Bucket('keepBoth');
  for (const content of ['one', 'four', 'eleven']) {
    bucket.upload('a', content);
    await bucket.move('a');
    bucket.upload(`a${content}`, content);
    await bucket.move(`a${content}`);
  }

  await expect(bucket.audit()).resolves.toMatchObject({ uploads: 6, fates: { processed: 6 } });
});

it('finds a copy that was removed for good', async () => {
  const bucket = new Bucket('replace');
  bucket.upload('a', 'one');
  await bucket.move('a');
  bucket.upload('b', 'two');
  await bucket.move('b');
  expect(bucket.lose('two')).toBe(true);

  await expect(bucket.audit()).resolves.toMatchObject({
    fates: { processed: 1, unaccounted: 1 },
    unaccounted: [{ key: 'uploads/b', versionId: 'v0', size: 3 }],
  });
});

it('finds an upload that someone deleted before it was moved', async () => {
  const bucket = new Bucket('replace');
  bucket.upload('a', 'one');
  bucket.remove('uploads/a');

  await expect(bucket.audit()).resolves.toMatchObject({ fates: { unaccounted: 1 } });
});

describe('after a change of prefixes', () => {
  const moved = async (bucket: Bucket, ...names: string[]) => {
    for (const each of names) {
      bucket.upload(each, each);
      await bucket.move(each);
    }
    return bucket;
  };

  it('finds a copy below the former processed prefix, too', async () => {
    const bucket = await moved(new Bucket('replace'), 'a', 'in/b');
    const pairs = [{ upload: 'uploads/', processed: 'done/' }, PREFIXES];

    await expect(bucket.audit({}, 2, pairs)).resolves.toMatchObject({ uploads: 2, fates: { processed: 2 } });
    await expect(bucket.audit({}, 2, pairs.slice(0, 1))).resolves.toMatchObject({
      fates: { unaccounted: 2 },
    });
  });

  it('counts an upload once where one upload prefix lies below the other', async () => {
    const bucket = await moved(new Bucket('replace'), 'a', 'in/b');
    const pairs = [{ upload: 'uploads/in/', processed: 'done/' }, PREFIXES];

    await expect(bucket.audit({}, 1, pairs)).resolves.toMatchObject({ uploads: 2, fates: { processed: 2 } });
  });

  it('takes nothing below a processed prefix for an upload where the whole bucket was watched', async () => {
    const bucket = await moved(new Bucket('replace'), 'a', 'b');
    const pairs = [PREFIXES, { upload: '', processed: 'old/' }];

    await expect(bucket.audit({}, 1, pairs)).resolves.toMatchObject({ uploads: 2, fates: { processed: 2 } });
  });
});

it('counts what waits, and of it what is in the failure queue', async () => {
  const bucket = new Bucket('replace');
  for (const each of ['a', 'b', 'c']) bucket.upload(each, each);

  await expect(bucket.audit({ failedKeys: new Set(['uploads/b', 'uploads/gone']) })).resolves.toMatchObject({
    uploads: 3,
    fates: { waiting: 3 },
    failed: 1,
    oldestWaiting: 1_000,
  });
});

it('leaves out folder markers, and uploads from before a time', async () => {
  const bucket = new Bucket('replace');
  bucket.upload('folder/', '');
  for (const each of ['a', 'b', 'c', 'd', 'e']) bucket.upload(each, each);

  await expect(bucket.audit()).resolves.toMatchObject({ uploads: 5 });
  await expect(bucket.audit({ since: 5_000 })).resolves.toMatchObject({ uploads: 2 });
});

it('names so many unaccounted uploads, and counts the others', async () => {
  const bucket = new Bucket('replace');
  for (const each of ['a', 'b', 'c']) {
    bucket.upload(each, each);
    bucket.remove(`uploads/${each}`);
  }

  const { fates, unaccounted } = await bucket.audit({ named: 2 });

  expect({ all: fates.unaccounted, named: unaccounted.length }).toEqual({ all: 3, named: 2 });
});

describe('an upload that is moved while the audit runs', () => {
  const waits: Listed[] = [
    { key: 'uploads/a', versionId: 'u', at: 1_000, isLatest: true, content: { etag: 'one', size: 3 } },
  ];
  const moved: Listed[] = [
    { key: 'processed/a', versionId: 'p', at: 5_000, isLatest: true, content: { etag: 'one', size: 3 } },
    { key: 'uploads/a', versionId: 'm', at: 5_000, isLatest: true },
    { key: 'uploads/a', versionId: 'u', at: 1_000, isLatest: false, content: { etag: 'one', size: 3 } },
  ];

  /** The listing of the destinations was read before the move, and that of the uploads after it. */
  function auditDuringMove(lookedAgainAt: readonly Listed[], beganAt: number) {
    const [before, after, again] = [waits, moved, lookedAgainAt].map((entries) => versionListing(entries));
    const asked: (string | undefined)[] = [];
    const send = (command: ListObjectVersionsCommand) => {
      const { Prefix } = command.input;
      asked.push(Prefix);
      const listing = Prefix === 'processed/' ? before : Prefix === 'uploads/' ? after : again;
      return listing?.client.send(command);
    };
    const matched = everyUpload({
      client: { send } as Pick<S3Client, 'send'>,
      bucket: 'b',
      signal: new AbortController().signal,
      pairs: [PREFIXES],
    });
    return { result: audit(matched, { named: 1, beganAt }), asked };
  }

  it.each(['a', 'a.~one'])('is found at its destination by a second look: %s', async (name) => {
    const there = moved.map((entry) =>
      entry.key.startsWith('processed/') ? { ...entry, key: `processed/${name}` } : entry,
    );

    await expect(auditDuringMove(there, 4_000).result).resolves.toMatchObject({
      uploads: 1,
      fates: { processed: 1, unaccounted: 0 },
    });
  });

  it('is unaccounted for where the second look does not find it either', async () => {
    const others = moved.map((entry) =>
      entry.key.startsWith('processed/') ? { ...entry, key: 'processed/a.~another' } : entry,
    );

    await expect(auditDuringMove(others, 4_000).result).resolves.toMatchObject({ fates: { unaccounted: 1 } });
  });

  it('is the only kind that is looked at again: not what was deleted long before', async () => {
    const { result, asked } = auditDuringMove(moved, 3 * 3_600_000);

    await expect(result).resolves.toMatchObject({ fates: { unaccounted: 1 } });
    expect(new Set(asked)).toEqual(new Set(['uploads/', 'processed/']));
  });
});
