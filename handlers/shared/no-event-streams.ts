/**
 * Stands in for `@smithy/core/event-streams` in the bundles (tools/build/bundle.mjs). No operation that the handlers use
 * streams events (in S3 only SelectObjectContent does), but every client carries the code, and the SDK's `import()` of
 * it keeps esbuild from dropping what is unused in all that it imports.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** @throws always: a handler uses an operation that streams events */
export const eventStreamSerdeProvider = (): never => {
  throw new Error(
    'Event streams are left out of the bundles: remove the alias of @smithy/core/event-streams in tools/build/bundle.mjs.',
  );
};

export class EventStreamSerde {
  readonly marshaller = eventStreamSerdeProvider();
}
