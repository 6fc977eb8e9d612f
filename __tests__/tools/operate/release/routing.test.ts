import {
  describe as describeRouting,
  promote,
  rollback,
  type Released,
  type Routing,
} from '../../../../tools/operate/release/routing';

const released = (routing: Routing, versions: readonly number[] = [1, 2, 3, 5]): Released => ({
  functionName: 'mover',
  routing,
  versions: versions.map((version) => ({ version, codeSha256: `hash-${version}`, publishedAt: '' })),
});

const CANARY = { version: 3, canary: { version: 5, weight: 0.1 } };

describe('promote', () => {
  it('gives everything to the newest version', () => {
    expect(promote(released({ version: 3 }), {})).toEqual({ version: 5 });
  });

  it('gives everything to the canary where there is one, even if something newer is published', () => {
    const state = released({ version: 1, canary: { version: 3, weight: 0.5 } });

    expect(promote(state, {})).toEqual({ version: 3 });
  });

  it('makes a version a canary beside the one that answers', () => {
    expect(promote(released({ version: 3 }), { weight: 0.1 })).toEqual(CANARY);
    expect(promote(released(CANARY), { weight: 0.5 })).toEqual({
      version: 3,
      canary: { version: 5, weight: 0.5 },
    });
  });

  it('takes the version that it is told', () => {
    expect(promote(released({ version: 3 }), { version: 2 })).toEqual({ version: 2 });
    expect(promote(released(CANARY), { version: 3 })).toEqual({ version: 3 });
  });

  it('refuses a version that is not published, or that answers already, and says which there are', () => {
    expect(() => promote(released({ version: 3 }), { version: 4 })).toThrow(
      'mover: there is no version 4; published versions are 1, 2, 3, 5.',
    );
    expect(() => promote(released({ version: 5 }), {})).toThrow('mover:live is version 5 already');
    expect(() => promote(released({ version: 3 }), { version: 3, weight: 0.1 })).toThrow(
      'is version 3 already',
    );
    expect(() => promote(released({ version: 1 }, []), {})).toThrow('mover has no published version');
  });
});

describe('rollback', () => {
  it('ends a canary and leaves the version that answers', () => {
    expect(rollback(released(CANARY))).toEqual({ version: 3 });
  });

  it('goes back to the next older version that there still is', () => {
    expect(rollback(released({ version: 5 }))).toEqual({ version: 3 });
  });

  it('goes where it is told', () => {
    expect(rollback(released(CANARY), 1)).toEqual({ version: 1 });
  });

  it('refuses where there is nothing to go back to', () => {
    expect(() => rollback(released({ version: 1 }))).toThrow('no older one is left');
    expect(() => rollback(released({ version: 3 }), 3)).toThrow('nothing to take back');
    expect(() => rollback(released({ version: 3 }), 4)).toThrow('there is no version 4');
  });
});

it('a routing is told with its shares', () => {
  expect(describeRouting({ version: 3 })).toBe('version 3');
  expect(describeRouting(CANARY)).toBe('version 3 (90 %) and version 5 (10 %)');
});
