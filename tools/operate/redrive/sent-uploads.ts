import { parsed } from '../../../handlers/shared/fields';
import { bareName } from '../../lib/lambda';
import { keysIn } from '../failures/event-keys';
import { functionSource } from '../failures/failure';
import type { Dependencies } from './dependencies';
import type { RunRecorder } from './history';

/**
 * Stands around what sends events: has the run written down before the first of them, and keeps the keys of the uploads
 * whose events were accepted, by process-upload or by a queue before it.
 */
export class SentUploads {
  readonly #keys = new Set<string>();
  #sent = 0;

  constructor(
    private readonly mover: string,
    private readonly recorder: Pick<RunRecorder, 'begin' | 'progress'>,
  ) {}

  /** Folder markers aside, which stay where they are. */
  get keys(): readonly string[] {
    return [...this.#keys].filter((key) => !key.endsWith('/'));
  }

  invoke =
    (send: Dependencies['invoke']): Dependencies['invoke'] =>
    (functionArn, payload) =>
      this.#recorded(
        () => send(functionArn, payload),
        () => (functionSource(functionArn).name === bareName(this.mover) ? keysIn(parsed(payload)) : []),
      );

  sendBack =
    (send: Dependencies['sendBack']): Dependencies['sendBack'] =>
    (record) =>
      this.#recorded(
        () => send(record),
        () => record.keys,
      );

  call =
    (send: Dependencies['call']): Dependencies['call'] =>
    (functionArn, event) =>
      this.#recorded(
        () => send(functionArn, event),
        () => [],
      );

  async #recorded<Answer>(send: () => Promise<Answer>, keys: () => readonly string[]): Promise<Answer> {
    await this.recorder.begin();
    const answer = await send();
    if (typeof answer !== 'string') return answer; // refused
    for (const key of keys()) this.#keys.add(key);
    await this.recorder.progress(++this.#sent);
    return answer;
  }
}
