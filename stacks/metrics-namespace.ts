import type { Settings } from '../config/settings';

/** Where the functions publish their metrics: one place an environment, so that two in one account do not add up. */
export const metricsNamespace = ({ namePrefix }: Settings): string => `UploadPipeline/${namePrefix}`;
