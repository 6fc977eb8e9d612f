import type { Settings } from '../../../config/settings';
import { fields } from '../../../handlers/shared/fields';
import { ALIAS } from '../release/lambda-alias';

/**
 * The name that a function is invoked by: with its alias where the settings release it by one, as its triggers do. The
 * bare name would run the code that was deployed last, even if it was taken back.
 * @param name its folder in handlers/
 */
export function invokedName(settings: Settings, name: string): string {
  const member = name.replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
  const { alias } = fields(fields(fields(settings)[member]).release);
  const functionName = `${settings.namePrefix}-${name}`;
  return alias === true ? `${functionName}:${ALIAS}` : functionName;
}
