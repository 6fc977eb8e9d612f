import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A share of a CPU that processes can be held to. */
export interface Quota {
  limit(pid: number): Promise<void>;
  /** After the processes have ended. */
  release(): Promise<void>;
}

/** As Lambda's: a function with few cores runs and waits by turns of 20 ms. */
const PERIOD_MICROSECONDS = 20_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_PER_CPU = 1_769;

/** Linux's control groups: of version 2, or else of version 1. */
const ROOTS = [
  { folder: '/sys/fs/cgroup', isThere: '/sys/fs/cgroup/cgroup.controllers' },
  { folder: '/sys/fs/cgroup/cpu', isThere: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us' },
] as const;

/**
 * The share of a CPU that a Lambda function of this memory has.
 * @returns the reason where this machine cannot hold a process to it
 */
export async function quotaOf(memoryMb: number): Promise<Quota | string> {
  const root = ROOTS.find(({ isThere }) => existsSync(isThere));
  if (root === undefined) return 'this machine has no control groups of Linux';
  const folder = path.join(root.folder, `upload-pipeline-bench-${process.pid}-${memoryMb}`);
  const quota = Math.round((PERIOD_MICROSECONDS * memoryMb) / MB_PER_CPU);
  try {
    await mkdir(folder);
    if (root === ROOTS[0]) {
      await writeFile(path.join(folder, 'cpu.max'), `${quota} ${PERIOD_MICROSECONDS}`);
    } else {
      await writeFile(path.join(folder, 'cpu.cfs_period_us'), String(PERIOD_MICROSECONDS));
      await writeFile(path.join(folder, 'cpu.cfs_quota_us'), String(quota));
    }
  } catch (error) {
    await rmdir(folder).catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    return `a control group with a share of the CPU cannot be made, which takes root: ${why}`;
  }
  return {
    limit: (pid) => writeFile(path.join(folder, 'cgroup.procs'), String(pid)),
    release: () => rmdir(folder),
  };
}
