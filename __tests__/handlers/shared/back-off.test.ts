import { backOffMilliseconds } from '../../../handlers/shared/back-off';

test('doubles from 50 ms up to a second, and waits anything up to that by chance', () => {
  const longest = [1, 2, 3, 4, 5, 6, 20].map((nth) => backOffMilliseconds(nth, () => 1));
  expect(longest).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
  expect(backOffMilliseconds(1, () => 0)).toBe(0);
  expect(backOffMilliseconds(3, () => 0.5)).toBe(100);
});
