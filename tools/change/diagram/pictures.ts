import { environments, loadSettings, parseSettings } from '../../../config/environments';
import type { Settings } from '../../../config/settings';
import { mermaid } from './mermaid';
import { synthesize } from '../../build/synthesize';
import { wiringOf } from './wiring';

/** A picture and its subject. */
export interface Picture {
  readonly names: readonly string[];
  readonly mermaid: string;
}

/** One picture per environment; environments with the same wiring share one. */
export function environmentPictures(handlers: readonly string[]): Picture[] {
  const pictures = new Map<string, string[]>();
  for (const name of Object.keys(environments)) {
    const drawn = draw(environmentSettings(name), handlers);
    pictures.set(drawn, [...(pictures.get(drawn) ?? []), name]);
  }
  return [...pictures].map(([drawn, names]) => ({ names, mermaid: drawn }));
}

/** One picture per trigger, with defaults for all other settings. */
export const triggerPictures = (handlers: readonly string[]): Picture[] =>
  (['direct', 'queue', 'eventbridge', 'topic'] as const).map((trigger) => ({
    names: [trigger],
    mermaid: draw(parseSettings({ namePrefix: 'pipeline', trigger }, 'diagram'), handlers),
  }));

/** The environment `local` is deployed only to an engine; the pictures do not depend on its port. */
const environmentSettings = (name: string): Settings =>
  loadSettings({ PIPELINE_ENV: name, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });

/** A name without the common prefix. */
const draw = (settings: Settings, handlers: readonly string[]): string =>
  mermaid(wiringOf(synthesize(settings, handlers))).replaceAll(`${settings.namePrefix}-`, '');
