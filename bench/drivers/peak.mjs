// @ts-check
// Loaded before a program (`node --import`): tells its peak memory in MB on file descriptor 3 when it ends.
import { writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(3, String(process.resourceUsage().maxRSS / 1024));
});
