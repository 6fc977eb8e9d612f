import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { invoke, type Callee } from '../../handlers/shared/invoke';
import { invokeDependencies } from '../../handlers/shared/invoke-dependencies';
import { lambdaClientConfig } from '../../handlers/shared/lambda-client';
import type { Section } from '../lib/section';
import { median, shuffled } from '../lib/statistics';
import { startStub } from '../lib/stub';

const CALLS = 100;
const ROUNDS = { quick: 10, full: 40 };
const REMAINING_MS = 30_000;

const callee: Callee<unknown> = { functionName: 'callee', readAnswer: (answer) => answer };
const request = { order: 4711, items: ['one', 'two'] };

export const invokeHelper: Section = {
  name: 'invoke',
  about: "the invoke helper's overhead over the bare SDK",
  run: async ({ root, quick, note }) => {
    const stub = await startStub(root);
    const client = new LambdaClient({
      ...lambdaClientConfig({ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: stub.url }),
      endpoint: stub.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const contenders = [
      { name: 'bare SDK', call: () => bareCall(client) },
      {
        name: 'helper',
        call: () => invoke(callee, request, invokeDependencies(client, 'bench', REMAINING_MS)),
      },
    ];
    const wall: Record<string, number[]> = {};
    const cpu: Record<string, number[]> = {};
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    try {
      // In the first tenth, just-in-time compilers are at work.
      const warmUp = Math.ceil(rounds / 10) * 5;
      for (let round = 1 - warmUp; round <= rounds; round += 1) {
        note(`round ${round} of ${rounds}`);
        for (const { name, call } of shuffled(contenders)) {
          const cpuBefore = process.cpuUsage();
          const started = performance.now();
          for (let i = 0; i < CALLS; i += 1) await call();
          if (round <= 0) continue;
          const { user, system } = process.cpuUsage(cpuBefore);
          (wall[name] ??= []).push((1_000 * (performance.now() - started)) / CALLS);
          (cpu[name] ??= []).push((user + system) / CALLS);
        }
      }
    } finally {
      client.destroy();
      await stub.stop();
    }
    const overhead = (samples: typeof wall): number =>
      median(samples.helper ?? []) - median(samples['bare SDK'] ?? []);
    return {
      title: 'Invoke helper',
      measurements: [
        { what: 'a call', unit: 'µs', samples: wall },
        { what: 'CPU a call', unit: 'µs', samples: cpu },
      ],
      ratios: [
        { what: 'overhead a call, µs', value: overhead(wall) },
        { what: 'helper / bare SDK, CPU', value: median(cpu.helper ?? []) / median(cpu['bare SDK'] ?? []) },
      ],
      notes: [
        'With its checks: function error, payload size, deadline, correlation id. On a stub on this machine.',
      ],
    };
  },
};

/** A call without the helper: no check of the answer, no deadline. */
async function bareCall(client: LambdaClient): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: 'callee', Payload: JSON.stringify(request) });
  const { Payload } = await client.send(command);
  return JSON.parse(Payload?.transformToString() ?? 'null') as unknown;
}
