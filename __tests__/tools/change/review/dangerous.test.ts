import { verdict } from '../../../../tools/change/review';
import { review } from '../../../../tools/change/review/review';
import { LOSING } from '../../../support/dangerous-plans/losing';
import { OPENING } from '../../../support/dangerous-plans/opening';
import { PERMITTING } from '../../../support/dangerous-plans/permitting';

const AT_RISK = 3;

const OPENED = [...PERMITTING, ...OPENING];

describe('a plan that somebody must look at', () => {
  it('is tried in more than sixty ways', () => {
    expect(LOSING.length + OPENED.length).toBeGreaterThan(60);
  });

  it.each([...LOSING, ...OPENED])('is told, and does not pass: %s', (_, plan, says) => {
    const found = review(plan);

    expect(found.markdown).toContain(says);
    expect(found.markdown).not.toContain('no data at risk');
    expect(found.markdown).not.toContain('no changes');
    expect(verdict(found).code).toBe(AT_RISK);
  });

  it.each(LOSING)('passes where the loss is allowed: %s', (_, plan) => {
    expect(verdict(review(plan), { dataLoss: true, exposure: true }).code).toBe(0);
  });

  it.each(OPENED)('does not pass where only a loss is allowed: %s', (_, plan) => {
    expect(verdict(review(plan), { dataLoss: true, exposure: false }).code).toBe(AT_RISK);
  });
});
