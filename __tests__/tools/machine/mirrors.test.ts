import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { searchMirrors, versionsIn, type SearchLimits } from '../../../tools/machine/mirrors';
import { temporaryFolder } from '../local/temporary-folder';

const registry = 'registry.terraform.io';
const PROVIDER = `${registry}/hashicorp/aws`;
const platform = 'linux_amd64';
const folder = temporaryFolder();

const unpacked = (mirror: string, version: string, machine = platform): string =>
  folder.write(path.join(mirror, PROVIDER, version, machine, `terraform-provider-aws_v${version}_x5`));

const packed = (mirror: string, version: string, machine = platform): string =>
  folder.write(path.join(mirror, PROVIDER, `terraform-provider-aws_${version}_${machine}.zip`));

const inFolder = (name: string): string => path.join(folder.path, name);

describe('versionsIn', () => {
  const versions = (mirror: string) => versionsIn(inFolder(mirror), { registry, platform });

  it('compares versions as numbers, packed and unpacked alike', async () => {
    unpacked('mirror', '5.99.1');
    unpacked('mirror', '5.100.0');
    packed('mirror', '5.9.0');

    expect(await versions('mirror')).toEqual(['5.9.0', '5.99.1', '5.100.0']);
  });

  it('passes over other machines, empty folders and symbolic links', async () => {
    unpacked('mirror', '6.0.0', 'darwin_arm64');
    packed('mirror', '6.0.1', 'darwin_arm64');
    mkdirSync(inFolder(`mirror/${PROVIDER}/6.1.0/${platform}`), { recursive: true });
    const elsewhere = path.dirname(path.dirname(unpacked('elsewhere', '6.2.0')));
    symlinkSync(elsewhere, inFolder(`mirror/${PROVIDER}/6.2.0`));

    expect(await versions('mirror')).toEqual([]);
  });

  it('passes over a zip where Terraform expects what was in it', async () => {
    folder.write(`mirror/${PROVIDER}/6.0.0/${platform}/terraform-provider-aws_6.0.0_${platform}.zip`);

    expect(await versions('mirror')).toEqual([]);
  });

  it('finds nothing where there is no mirror', async () => {
    expect(await versions('nowhere')).toEqual([]);
  });
});

describe('searchMirrors', () => {
  const search = (limits?: Partial<SearchLimits>, ...roots: string[]) =>
    searchMirrors((roots.length > 0 ? roots : ['opt', 'srv']).map(inFolder), { registry, platform }, limits);
  const foldersOf = async (...args: Parameters<typeof search>) =>
    (await search(...args)).map((mirror) => path.relative(folder.path, mirror.folder)).sort();

  it.each(['opt', 'opt/mirror', 'opt/company/mirror', 'srv/a/b/c'])('finds %s', async (mirror) => {
    unpacked(mirror, '5.100.0');

    expect(await search()).toEqual([{ folder: inFolder(mirror), versions: ['5.100.0'] }]);
  });

  it('goes three folders deep, not four', async () => {
    unpacked('opt/a/b/c/d', '5.100.0');

    expect(await search()).toEqual([]);
  });

  it.each(['opt/project/.terraform', 'opt/plugin-cache', 'opt/node_modules/mirror'])(
    'passes over %s, where downloads lie',
    async (cache) => {
      unpacked(cache, '5.100.0');

      expect(await search()).toEqual([]);
    },
  );

  it('follows no links', async () => {
    unpacked('elsewhere/mirror', '5.100.0');
    mkdirSync(inFolder('opt'));
    symlinkSync(inFolder('elsewhere'), inFolder('opt/link'));
    symlinkSync(inFolder('opt'), inFolder('opt/circle'));

    expect(await search()).toEqual([]);
  });

  it('passes over folders that cannot be read or are not there', async () => {
    unpacked('opt/mirror', '5.100.0');
    unpacked('opt/closed/mirror', '5.100.0');
    folder.write('srv', 'a file');
    chmodSync(inFolder('opt/closed'), 0o000);
    const readable = process.getuid?.() === 0 ? ['opt/closed/mirror'] : []; // root may read everything

    expect(await foldersOf(undefined, 'opt', 'srv', 'missing')).toEqual([...readable, 'opt/mirror']);
    chmodSync(inFolder('opt/closed'), 0o755);
  });

  it('tells of a mirror that holds the provider for other machines only', async () => {
    unpacked('opt/mirror', '5.100.0', 'darwin_arm64');

    expect(await search()).toEqual([{ folder: inFolder('opt/mirror'), versions: [] }]);
  });

  it('is no mirror of this provider where it holds others', async () => {
    folder.write(`opt/mirror/${registry}/hashicorp/random/3.7.2/${platform}/terraform-provider-random_v3`);

    expect(await search()).toEqual([]);
  });

  it('reads no more names than it may, the nearest first', async () => {
    unpacked('opt/near', '5.100.0');
    unpacked('opt/a/far', '5.100.0');

    expect(await foldersOf({ entries: 4 })).toEqual(['opt/near']);
  });

  it('ends when its time is up', async () => {
    unpacked('opt/mirror', '5.100.0');

    expect(await search({ signal: AbortSignal.abort() })).toEqual([]);
  });
});
