/**
 * Switches off the AWS SDK's notice on Node.js 20 that versions of 2027 need a newer one; the SDK of this project is pinned.
 * The SDK reads this variable whenever it makes a client. https://github.com/aws/aws-sdk-js-v3/issues/7983
 */
export const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } as const;

// On import: every command (command.ts) and every test (jest.config.mjs) loads this file before it makes a client.
Object.assign(process.env, QUIET_SDK);
