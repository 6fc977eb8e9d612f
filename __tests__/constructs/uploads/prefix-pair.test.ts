import { refuseLoop } from '../../../constructs/uploads/prefix-pair';

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
