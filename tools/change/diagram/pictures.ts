import { environments, loadSettings, parseSettings } from '../../../config/environments';
import type { Settings } from '../../../config/settings';
import { mermaid } from './mermaid';
import { synthesize } from '../../build/synthesize';
import { wiringOf } from './wiring';

/** A picture and what it shows. */
export interface Picture {
  readonly names: readonly string[];
  readonly mermaid: string;
}

/** One picture an environment; environments that are wired alike share one. */
export function environmentPictures(handlers: readonly string[]): Picture[] {
  const pictures = new Map<string, string[]>();
  for (const name of Object.keys(environments)) {
    const drawn = draw(environmentSettings(name), handlers);
    pictures.set(drawn, [...(pictures.get(drawn) ?? []), name]);
  }
  return [...pictures].map(([drawn, names]) => ({ names, mermaid: drawn }));
}

/** One picture a way from an upload to the function, everything else by its default. */
export const triggerPictures = (handlers: readonly string[]): Picture[] =>
  (['direct', 'queue', 'eventbridge', 'topic'] as const).map((trigger) => ({
    names: [trigger],
    mermaid: draw(parseSettings({ namePrefix: 'pipeline', trigger }, 'diagram'), handlers),
  }));

/** The environment `local` is only ever deployed to an engine; which port it has does not show. */
const environmentSettings = (name: string): Settings =>
  loadSettings({ PIPELINE_ENV: name, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });

/** Without what every name begins with. */
const draw = (settings: Settings, handlers: readonly string[]): string =>
  mermaid(wiringOf(synthesize(settings, handlers))).replaceAll(`${settings.namePrefix}-`, '');
