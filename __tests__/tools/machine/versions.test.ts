import { compareVersions } from '../../../tools/machine/versions';

describe('compareVersions', () => {
  it.each([
    ['5.100.0', '5.99.1', 1],
    ['1.5', '1.5.0', 0],
    ['1.5.0-rc1', '1.5.0', 0],
    ['3.9', '3.10', -1],
  ])('compares %s with %s', (left, right, sign) => {
    expect(Math.sign(compareVersions(left, right))).toBe(sign);
  });
});
