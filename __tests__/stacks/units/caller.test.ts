import {
  ALL_OPTIONS,
  EVERY_FUNCTION,
  permissionsOf,
  WITH_KEY,
  WITH_TRACING,
  WITH_VPC,
} from '../../support/permissions';
import { MINIMAL } from '../../support/synth';

const ALLOWED = { ...EVERY_FUNCTION, 'invoke-invoked': ['lambda:InvokeFunction'] };

describe('caller', () => {
  it('may invoke the one function, and nothing else', () => {
    expect(permissionsOf('caller', MINIMAL)).toEqual(ALLOWED);
    expect(permissionsOf('caller', ALL_OPTIONS)).toEqual({
      ...ALLOWED,
      ...WITH_TRACING,
      ...WITH_KEY,
      ...WITH_VPC,
    });
  });
});
