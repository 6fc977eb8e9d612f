import type { Settings } from '../../../config/settings';
import { fields } from '../../../handlers/shared/fields';
import { ALIAS } from '../release/lambda-alias';

/**
 * What a function is invoked by: its alias where the settings release it by one, as whatever else invokes it does. The
 * bare name would run the code that was deployed last, released or taken back.
 * @param name its folder in handlers/
 */
export function invokedName(settings: Settings, name: string): string {
  const member = name.replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
  const { alias } = fields(fields(fields(settings)[member]).release);
  const functionName = `${settings.namePrefix}-${name}`;
  return alias === true ? `${functionName}:${ALIAS}` : functionName;
}
