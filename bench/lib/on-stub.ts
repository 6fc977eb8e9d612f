import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { loadSettings } from '../../config/environments';
import { timed, type Timed } from './command';

export interface OnStub {
  /** The project's folder. */
  readonly root: string;
  /** A file of bench/stub/ that answers for AWS, and how much it holds. */
  readonly stub: string;
  readonly size: number;
  /** A command of tools/operate/, and its arguments. */
  readonly tool: string;
  readonly args?: readonly string[];
  /** The exit code that it ends with. @default 0 */
  readonly code?: number;
}

/** Times a command for operators against a stub on this machine. */
export async function timedOnStub({ root, stub, size, tool, args = [], code }: OnStub): Promise<Timed> {
  const file = path.join(root, 'bench', 'stub', stub);
  // The tools take nothing of another environment's.
  const mover = `${loadSettings({ PIPELINE_ENV: 'dev' }).namePrefix}-process-upload`;
  const server = spawn(process.execPath, [file, String(size), mover], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const endpoint = `http://127.0.0.1:${port}`;
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      UPLOAD_BUCKET: 'stub',
      UPLOAD_PREFIX: 'uploads/',
      PROCESSED_PREFIX: 'processed/',
      FAILURE_QUEUE_URL: `${endpoint}/000000000000/failures`,
      PROCESS_UPLOAD_FUNCTION: mover,
      PIPELINE_ENV: 'dev',
    };
    const command = ['--import', 'tsx', path.join('tools', 'operate', `${tool}.ts`), ...args];
    return await timed(process.execPath, command, { root, env, code });
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}
