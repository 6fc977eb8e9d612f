import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { enginePort, expectFreePort } from '../../../tools/local/port';
import { endEngine, isOurs, isRunning } from '../../../tools/local/engine';
import { localPaths } from '../../../tools/machine/paths';
import { signalProcess } from '../../../tools/lib/processes';
import { pidOf } from '../../support/pid-of';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();

describe('enginePort', () => {
  it.each([
    [{}, 4566] as const,
    [{ PIPELINE_LOCAL_PORT: '' }, 4566],
    [{ PIPELINE_LOCAL_PORT: '5000' }, 5000],
  ])('takes from %j port %d', (env, port) => {
    expect(enginePort(env)).toBe(port);
  });

  it.each(['http', '80', '70000', '4566.5'])('refuses %s', (value) => {
    expect(() => enginePort({ PIPELINE_LOCAL_PORT: value })).toThrow(
      `PIPELINE_LOCAL_PORT: got "${value}"; expected a port, an integer from 1024 to 65535.`,
    );
  });
});

describe('a recorded engine', () => {
  it('is ended when the process is this project’s', async () => {
    const paths = localPaths(folder.path);
    const engine = folder.write('.local/venv/bin/ministack', 'setInterval(() => {}, 1000)');
    const child = spawn(process.execPath, [engine], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const pid = pidOf(child);

    expect(await isOurs(paths, pid)).toBe(true);
    expect(await endEngine(paths, { pid })).toBe(true);
    await ended;
    expect(signalProcess(pid, 0)).toBe(false);
  });

  it('is never ended when its process id belongs to another program by now', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const pid = pidOf(other);

    expect(await endEngine(localPaths(folder.path), { pid })).toBe(false);
    expect(signalProcess(pid, 0)).toBe(true);
    other.kill();
    await once(other, 'exit');
  });

  it('runs although it is too busy for the first question', async () => {
    const program = `
      let asked = 0;
      require('node:http')
        .createServer((_, response) => ((asked += 1) === 1 ? response.destroy() : response.end()))
        .listen(0, '127.0.0.1', function () { process.send(this.address().port); })`;
    const engine = folder.write('.local/venv/bin/ministack', program);
    const child = spawn(process.execPath, [engine], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [port] = (await once(child, 'message')) as [number];
    const record = { endpoint: `http://127.0.0.1:${port}`, pid: child.pid, startedAt: '' };

    expect(await isRunning(localPaths(folder.path), record)).toBe(true);
    child.kill();
    await once(child, 'exit');
  });

  it('does not run when nothing has its process id', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const record = { pid: child.pid, endpoint: 'http://127.0.0.1:9', startedAt: '' };

    expect(await isRunning(localPaths(folder.path), record)).toBe(false);
    expect(await endEngine(localPaths(folder.path), record)).toBe(false);
  });
});

describe('expectFreePort', () => {
  it('recognizes an engine of this project that runs for another folder', async () => {
    const program = path.join(folder.path, 'another clone/.local/venv/bin/ministack');
    const server =
      'require("net").createServer().listen(0, "127.0.0.1", function () { process.send(this.address().port); })';
    // The words that the engine is called with, on a server in its place.
    const child = spawn(process.execPath, ['-e', server, '--', '-I', 'engine.py', program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [port] = (await once(child, 'message')) as [number];
    const record = {
      endpoint: `http://127.0.0.1:${port}`,
      pid: child.pid,
      startedAt: '2026-01-01T12:00:00Z',
    };
    folder.write('another clone/.local/engine.json', JSON.stringify(record));

    const check = expectFreePort({ PIPELINE_LOCAL_PORT: String(port) });

    await expect(check).rejects.toThrow(
      new RegExp(
        `Port ${port} .*of this project.* ${folder.path}/another clone\\n.*process ${child.pid ?? ''}, since [\\s\\S]*PIPELINE_LOCAL_PORT=\\d+ npm start`,
        'u',
      ),
    );
    child.kill();
    await once(child, 'exit');
  });

  const servers: Server[] = [];
  afterEach(() => {
    servers.splice(0).forEach((server) => server.close());
  });

  it('tells the ways out where another program has the port', async () => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const check = expectFreePort({ PIPELINE_LOCAL_PORT: String(port) });

    await expect(check).rejects.toThrow(
      new RegExp(
        `Port ${port} .*EADDRINUSE[\\s\\S]*PIPELINE_LOCAL_PORT=\\d+ npm start[\\s\\S]*AWS_ENDPOINT_URL=http`,
        'u',
      ),
    );
  });
});
