import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildHandlers } from '../../tools/build/bundle.mjs';
import type { Section } from '../lib/section';
import { heaviest } from '../lib/heaviest';

export const packageSize: Section = {
  name: 'package',
  about: 'bytes and gzip of each handler, with its heaviest modules',
  run: async ({ root, folder }) => {
    const handlers = await buildHandlers({ root, outdir: path.join(folder, 'dist') });
    const bytes: Record<string, number[]> = {};
    const gzipped: Record<string, number[]> = {};
    const notes: string[] = [];
    for (const handler of handlers) {
      bytes[handler.name] = [handler.bytes / 1000];
      gzipped[handler.name] = [gzipSync(await readFile(handler.bundle)).length / 1000];
      for (const [file, size] of Object.entries(handler.lazy)) {
        const name = `${handler.name}, ${file}`;
        bytes[name] = [size / 1000];
        gzipped[name] = [
          gzipSync(await readFile(path.join(path.dirname(handler.bundle), file))).length / 1000,
        ];
      }
      notes.push(`${handler.name}: ${heaviest(handler.inputs).join(', ')}`);
    }
    return {
      title: 'Package',
      measurements: [
        { what: 'bundle', unit: 'KB', samples: bytes },
        { what: 'gzipped', unit: 'KB', samples: gzipped },
      ],
      ratios: [],
      notes,
    };
  },
};
