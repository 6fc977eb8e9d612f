import type { Pace } from '../../../handlers/shared/pace';
import type { StreamFailure } from '../failures/stream-failure';
import { reasonOf } from './invoke';
import type { Dependencies } from './dependencies';
import { asEvents, readAgain, type Stream } from './stream-records';

/**
 * Reads a failed batch again and makes the events of it that its function would get. A refusal of the stream is an
 * outcome: the message stays in the queue.
 */
export const rereadFrom =
  (streams: Readonly<Record<StreamFailure['source'], Stream>>, pace: Pace): Dependencies['reread'] =>
  async (place) => {
    try {
      const { records, expired } = await readAgain(streams[place.source], place, pace);
      return { events: asEvents(records), records: records.length, expired };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };
