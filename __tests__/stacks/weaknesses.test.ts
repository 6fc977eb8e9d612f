import type { SettingsInput } from '../../config/settings';
import { EVERYTHING, MINIMAL, synthPipeline } from '../support/synth';
import { weaknesses } from '../support/weaknesses';
import { PLANTED } from '../support/planted';

const VARIANTS: Readonly<Record<string, SettingsInput>> = {
  'the defaults': MINIMAL,
  'the whole bucket watched': { ...MINIMAL, prefixes: { upload: '', watchWholeBucket: true } },
  'everything set': { ...EVERYTHING, state: { type: 's3', bucket: 'our-state', region: 'eu-west-1' } },
};

describe('the checks of the synthesized JSON', () => {
  it.each(Object.entries(VARIANTS))('find no weakness in the stack with %s', (_, settings) => {
    expect(weaknesses(synthPipeline(settings))).toEqual([]);
  });

  const whole = synthPipeline(VARIANTS['everything set']);

  // A check that notices nothing is worth nothing: each weakness is planted, and must be found.
  it.each(PLANTED.map(({ name, plant }) => [name, plant] as const))('notice %s', (_, plant) => {
    const planted = plant(whole);

    expect(planted).not.toBe(whole);
    expect(weaknesses(planted)).not.toEqual([]);
  });

  it('are tried on more than twenty-five weaknesses', () => {
    expect(PLANTED.length).toBeGreaterThan(25);
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(PLANTED.length);
  });
});
