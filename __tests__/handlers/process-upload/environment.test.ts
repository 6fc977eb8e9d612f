import { readEnvironment } from '../../../handlers/process-upload/environment';

const right = {
  UPLOAD_PREFIX: 'uploads/',
  PROCESSED_PREFIX: 'processed/',
  ON_EXISTING: 'replace',
  LOG_LEVEL: 'INFO',
};

test('reads what the stack sets', () => {
  expect(readEnvironment(right)).toEqual({
    uploadPrefix: 'uploads/',
    processedPrefix: 'processed/',
    formerPrefixes: [],
    onExisting: 'replace',
    logLevel: 'INFO',
  });
});

test('takes an empty upload prefix for the whole bucket', () => {
  expect(readEnvironment({ ...right, UPLOAD_PREFIX: '' }).uploadPrefix).toBe('');
});

test('reads the pairs of before a change of prefixes', () => {
  const pairs = [{ upload: 'in/', processed: 'out/' }];
  expect(readEnvironment({ ...right, FORMER_PREFIXES: JSON.stringify(pairs) }).formerPrefixes).toEqual(pairs);
});

test.each([
  ['FORMER_PREFIXES', 'in/', 'FORMER_PREFIXES: got "in/"; expected a list of pairs in JSON'],
  ['FORMER_PREFIXES', '[{"upload":"in/"}]', 'expected a list of pairs in JSON'],
  ['FORMER_PREFIXES', '[null]', 'expected a list of pairs in JSON'],
  ['FORMER_PREFIXES', '[{"upload":"in/","processed":""}]', 'expected a list of pairs in JSON'],
  ['UPLOAD_PREFIX', undefined, 'UPLOAD_PREFIX: got nothing; expected a key prefix'],
  ['PROCESSED_PREFIX', '', 'PROCESSED_PREFIX: got ""; expected a key prefix that is not empty'],
  ['PROCESSED_PREFIX', 'up', 'PROCESSED_PREFIX: got "up"; expected'],
  ['ON_EXISTING', 'keepboth', 'ON_EXISTING: got "keepboth"; expected one of replace, keepBoth'],
  ['ON_EXISTING', undefined, 'ON_EXISTING: got nothing; expected one of replace, keepBoth'],
  ['LOG_LEVEL', 'info', 'LOG_LEVEL: got "info"; expected one of DEBUG, INFO, WARN, ERROR'],
])('names %s when it holds %j', (name, value, message) => {
  expect(() => readEnvironment({ ...right, [name]: value })).toThrow(message);
});

test('names everything that is wrong at once', () => {
  expect(() => readEnvironment({})).toThrow(/UPLOAD_PREFIX[^]*PROCESSED_PREFIX[^]*ON_EXISTING[^]*LOG_LEVEL/);
});
