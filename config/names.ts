/** Where the functions publish their metrics: a namespace for each environment, so that two in one account do not add up. */
export const metricsNamespace = (namePrefix: string): string => `UploadPipeline/${namePrefix}`;
