import { Testing } from 'cdktf';

// The matchers for synthesized resources (`toHaveResourceWithProperties`), for every test file.
Testing.setupJest();

// The SDK is pinned: that next year's versions want a newer Node.js says nothing here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
