import { refuseLoop, refuseOverlap, type PrefixPair } from '../../../constructs/uploads/prefix-pair';

describe('refuseLoop', () => {
  it.each([
    ['uploads/', 'processed/'],
    ['a/uploads/', 'a/processed/'],
    ['uploads/', 'uploads-processed/'],
  ])('lets %s and %s be', (upload, processed) => {
    expect(() => {
      refuseLoop({ upload, processed });
    }).not.toThrow();
  });

  it.each([
    ['uploads/', 'uploads/processed/'],
    ['uploads/', 'uploads/'],
    ['data', 'data-processed/'],
  ])('explains the loop of uploads in %s that are moved to %s', (upload, processed) => {
    expect(() => {
      refuseLoop({ upload, processed });
    }).toThrow(
      /so each move would count as a new upload and start the function again\. Expected two prefixes/u,
    );
  });

  it('explains why uploads below the processed prefix would never move', () => {
    expect(() => {
      refuseLoop({ upload: 'processed/in/', processed: 'processed/' });
    }).toThrow(/everything counts as processed, so no upload would ever be moved/u);
  });

  it('refuses to watch the whole bucket by accident', () => {
    expect(() => {
      refuseLoop({ upload: '', processed: 'processed/' });
    }).toThrow(/got "", which watches every key .* state watchWholeBucket: true/u);
  });

  it('watches the whole bucket where that is stated', () => {
    expect(() => {
      refuseLoop({ upload: '', processed: 'processed/', watchWholeBucket: true });
    }).not.toThrow();
  });

  it('refuses to move nowhere', () => {
    expect(() => {
      refuseLoop({ upload: 'uploads/', processed: '' });
    }).toThrow(/without one nothing would move/u);
  });
});

describe('refuseOverlap, for the pairs of one function', () => {
  const present = { upload: 'in/', processed: 'done/' };
  const whole = { upload: '', processed: 'done/' };
  const check =
    (former: PrefixPair, now: PrefixPair = present) =>
    (): void => {
      refuseOverlap(former, [now], { sameFunction: true });
    };

  it.each([
    ['the pair of before', { upload: 'uploads/', processed: 'processed/' }, present],
    ['one upload prefix below another', { upload: 'in/old/', processed: 'processed/' }, present],
    ['one processed prefix for both', { upload: 'uploads/', processed: 'done/' }, present],
    ['a bucket that was watched as a whole', { upload: '', processed: 'processed/' }, present],
    ['another processed prefix of the whole bucket', { upload: '', processed: 'processed/' }, whole],
  ])('lets %s be', (_, former, now) => {
    expect(check(former, now)).not.toThrow();
  });

  it('refuses what one moves as an upload of the other', () => {
    expect(check({ upload: 'uploads/', processed: 'in/done/' })).toThrow(
      /would count as an upload under "in\/"/u,
    );
    expect(check({ upload: 'done/in/', processed: 'processed/' })).toThrow(/would count as an upload/u);
  });

  it('keeps the place of the sweep’s note free where the whole bucket is watched', () => {
    expect(check({ upload: 'uploads/', processed: 'done/' }, whole)).toThrow(/place of the sweep's note/u);
    expect(check(whole, { upload: 'uploads/', processed: 'done/old/' })).toThrow(
      /place of the sweep's note/u,
    );
  });
});
