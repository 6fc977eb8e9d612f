import {
  drainSeconds,
  erlangC,
  firstDropSeconds,
  meanWaitSeconds,
} from '../../../../tools/plan/capacity/closed-forms';

describe('closed forms', () => {
  it('has Erlang’s C as the textbooks have it', () => {
    expect(erlangC(1, 0.5)).toBeCloseTo(0.5, 12);
    // With two servers: 2ρ²/(1+ρ).
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
    expect(erlangC(5, 5)).toBe(1);
  });

  it('does not overflow with a thousand servers', () => {
    expect(erlangC(1_000, 950)).toBeGreaterThan(0);
    expect(erlangC(1_000, 950)).toBeLessThan(0.2);
  });

  it('waits ρ/(μ−λ) in M/M/1, and for ever when more arrives than can be served', () => {
    expect(meanWaitSeconds(1, 8, 0.1)).toBeCloseTo(0.8 / (10 - 8), 12);
    expect(meanWaitSeconds(1, 10, 0.1)).toBe(Infinity);
  });

  it('drains a burst with what the steady load leaves free', () => {
    expect(drainSeconds(1_000, 50, 150)).toBe(10);
    expect(drainSeconds(1_000, 150, 150)).toBe(Infinity);
    expect(drainSeconds(0, 150, 150)).toBe(0);
  });

  it('drops the first event when the wait has grown to the maximum age', () => {
    expect(firstDropSeconds(200, 100, 600)).toBe(1_200);
    expect(firstDropSeconds(100, 100, 600)).toBe(Infinity);
  });
});
