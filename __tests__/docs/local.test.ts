import { existsSync, readFileSync } from 'node:fs';

const PREBUILDS = 'node_modules/@cdktf/node-pty-prebuilt-multiarch/prebuilds';

/** The names that the package has for machines and for versions of Node.js. https://nodejs.org/en/about/previous-releases */
const MACHINES = {
  'Linux, x64': 'linux-x64',
  'Linux, ARM 64': 'linux-arm64',
  'macOS, Apple silicon': 'darwin-arm64',
  'macOS, Intel': 'darwin-x64',
};
const ABIS = ['115', '127', '137'];

it.each(Object.entries(MACHINES))('docs/local.md tells where npm ci compiles: %s', (machine, folder) => {
  const [row = ''] =
    new RegExp(`^\\| ${machine} .*$`, 'mu').exec(readFileSync('docs/local.md', 'utf8')) ?? [];
  const [, ...told] = row
    .split('|')
    .map((cell) => cell.trim())
    .filter(Boolean);

  const found = ABIS.map((abi) =>
    existsSync(`${PREBUILDS}/${folder}/node.abi${abi}.node`) ? 'ready' : 'compiles',
  );
  expect(told).toEqual(found);
});
