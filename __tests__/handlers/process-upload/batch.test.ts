import * as fc from 'fast-check';
import { PermanentError } from '../../../handlers/process-upload/errors';
import { handleEvent } from '../../../handlers/process-upload/handle-event';
import { UploadMetrics } from '../../../handlers/process-upload/upload-metrics';
import { s3Event } from '../../support/events';
import { eventBridgeEvent, snsEvent, sqsEvent, sqsRecord, TEST_EVENT } from '../../support/routes';
import { S3Model } from '../../support/s3-model';
import { storeOf, dependencies } from '../../support/dependencies';

/** Uploads the names under `uploads/`, then handles the event with a step that refuses every key that ends in `bad`. */
async function handle(event: unknown, names: readonly string[] = []) {
  const model = new S3Model();
  for (const name of names) model.put(`uploads/${name}`, name);
  const uploadMetrics = new UploadMetrics();
  const response = await handleEvent(
    event,
    dependencies({
      openStore: storeOf(model),
      processUpload: ({ key }) => {
        if (key.endsWith('bad')) throw new PermanentError('The file is not one of ours');
      },
      uploadMetrics,
    }),
  );
  return { response, model, counts: Object.fromEntries(uploadMetrics.entries()) };
}

const backs = (...messageIds: string[]) => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});
const upload = (name: string) => s3Event({ key: `uploads/${name}` });

describe('a batch of queue messages', () => {
  it('sends exactly the messages that failed back, and moves all the others', async () => {
    const names = ['1', '2', '3', '4-bad', '5', '6', '7', '8', '9', '10'];

    const { response, model, counts } = await handle(sqsEvent(...names.map(upload)), names);

    expect(response).toEqual(backs('m4'));
    expect(model.keys('uploads/')).toEqual(['uploads/4-bad']);
    expect(model.keys('processed/')).toHaveLength(9);
    expect(counts).toMatchObject({ UploadsMoved: 9, UploadsFailed: 1 });
  });

  it('says that every message is done where none failed', async () => {
    const { response } = await handle(sqsEvent(upload('a'), TEST_EVENT), ['a']);

    expect(response).toEqual(backs());
  });

  it('sends a message of several records back once, however many of them failed', async () => {
    const several = s3Event(...['a', '1-bad', '2-bad'].map((name) => ({ key: `uploads/${name}` })));

    const { response, model } = await handle(sqsEvent(several), ['a', '1-bad', '2-bad']);

    expect(response).toEqual(backs('m1'));
    expect(model.keys('processed/')).toEqual(['processed/a']);
  });

  it('moves the rest of a message that comes again, and what is moved already stays', async () => {
    const event = sqsEvent(s3Event({ key: 'uploads/moved' }, { key: 'uploads/b' }));

    const { response, model } = await handle(event, ['b']);

    expect(response).toEqual(backs());
    expect(model.keys()).toEqual(['processed/b']);
  });

  it('sends a message back that it cannot make sense of: the queue gives up on it, and someone sees it', async () => {
    const { response } = await handle(sqsEvent(upload('a'), 'not JSON', { unknown: true }), ['a']);

    expect(response).toEqual(backs('m2', 'm3'));
  });

  it('answers any batch with its failed messages, no more and no fewer', async () => {
    const name = fc.tuple(fc.nat({ max: 20 }), fc.constantFrom('', '-bad')).map((parts) => parts.join(''));
    const message = fc.oneof(
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('test' as const, 'unreadable' as const),
    );
    const body = (content: string[] | 'test' | 'unreadable'): unknown => {
      if (content === 'test') return TEST_EVENT;
      if (content === 'unreadable') return { hello: 1 };
      const [first = ''] = content;
      return content.length === 1
        ? eventBridgeEvent({ key: `uploads/${first}` })
        : s3Event(...content.map((each) => ({ key: `uploads/${each}` })));
    };

    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (contents) => {
        const names = [...new Set(contents.flatMap((content) => (Array.isArray(content) ? content : [])))];

        const { response, model } = await handle(sqsEvent(...contents.map(body)), names);

        const failed = contents.flatMap((content, index) =>
          content === 'unreadable' || (Array.isArray(content) && content.some((each) => each.endsWith('bad')))
            ? [`m${index + 1}`]
            : [],
        );
        expect(response).toEqual(backs(...failed));
        expect(model.keys('uploads/').every((key) => key.endsWith('bad'))).toBe(true);
      }),
    );
  });
});

describe('an event that nobody but Lambda tries again', () => {
  it.each([
    ['S3', s3Event({ key: 'uploads/bad' })],
    ['SNS', snsEvent(s3Event({ key: 'uploads/bad' }))],
    ['EventBridge', eventBridgeEvent({ key: 'uploads/bad' })],
  ])('from %s fails with an error: an answer would be taken for success', async (_, event) => {
    await expect(handle(event, ['bad'])).rejects.toMatchObject({ name: 'PermanentError' });
  });

  it('answers nothing where all is done', async () => {
    expect(await handle(snsEvent(upload('a'), upload('b')), ['a', 'b'])).toMatchObject({
      response: undefined,
    });
  });

  it('fails as a whole where a message has no id to go back by', async () => {
    const { messageId, ...nameless } = sqsRecord('m1', JSON.stringify(upload('bad')));

    await expect(handle({ Records: [nameless] }, ['bad'])).rejects.toThrow(`s3://pipeline/uploads/bad`);
    expect(messageId).toBe('m1');
  });
});
