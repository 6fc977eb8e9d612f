import { readFileSync } from 'node:fs';

/** The commands that docs/runbook.md tells people to run, each once, in the order of the page. */
export function runbookCommands(): string[] {
  const page = readFileSync('docs/runbook.md', 'utf8').replaceAll('\n', ' ');
  const commands = [...page.matchAll(/`((?:npm|npx|aws|git) [^`]*)`/gu)].map(([, command = '']) => command);
  return [...new Set(commands)];
}
