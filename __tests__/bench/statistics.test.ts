import * as fc from 'fast-check';
import { median, quantile, shuffled } from '../../bench/lib/statistics';

describe('statistics of the bench', () => {
  it('takes the middle, or halfway between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 2, 4, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('is not moved by one that is far out', () => {
    expect(median([1, 2, 3, 4, 5])).toBe(median([1, 2, 3, 4, 5_000]));
  });

  it('takes quantiles between two samples in proportion', () => {
    expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('leaves the samples as they are', () => {
    const samples = [3, 1, 2];
    median(samples);

    expect(samples).toEqual([3, 1, 2]);
  });

  it('shuffles into every order, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        expect(shuffled(items).sort()).toEqual([...items].sort());
      }),
    );
    const orders = new Set(Array.from({ length: 200 }, () => shuffled(['a', 'b', 'c']).join('')));
    expect(orders.size).toBe(6);
  });
});
