import { Testing } from 'cdktf';

// The matchers for synthesized resources (`toHaveResourceWithProperties`), for every test file.
Testing.setupJest();
