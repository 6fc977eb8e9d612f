import { Latencies } from '../../../../tools/plan/capacity/latencies';

const PARTS = [0.001, 0.5, 0.99, 1];

function quantilesOf(values: readonly number[], mostExact?: number): number[] {
  const latencies = new Latencies(mostExact);
  for (const value of values) latencies.add(value);
  const quantile = latencies.quantiles();
  return PARTS.map((part) => quantile(part));
}

test('gives the quantiles of what it was told', () => {
  expect(quantilesOf(Array.from({ length: 1_000 }, (_, nth) => 1_000 - nth))).toEqual([1, 500, 990, 1_000]);
  expect(quantilesOf([])).toEqual([0, 0, 0, 0]);
});

test('gives them within 0.1 % where there are more than it keeps', () => {
  const values = Array.from({ length: 200_000 }, (_, nth) => 1.00008 ** nth / 1_000);
  const exact = quantilesOf(values);

  quantilesOf(values, 1 << 16).forEach((quantile, nth) => {
    expect(Math.abs(quantile / (exact[nth] ?? NaN) - 1)).toBeLessThan(0.001);
  });
  expect(quantilesOf(values, 1 << 16)).not.toEqual(exact);
});
