// @ts-check
// Measures the maximum of the stub: sends ready-made copies over plain sockets, each when the last one is answered.
// Arguments: port, connections, milliseconds. Prints requests a second.
import { connect } from 'node:net';

const [port = 0, connections = 1, milliseconds = 1000] = process.argv.slice(2).map(Number);
const REQUEST = `PUT /bucket/processed/key HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-copy-source: bucket/uploads/key\r\ncontent-length: 0\r\n\r\n`;
const END_OF_ANSWER = '</CopyObjectResult>';

let answered = 0;
const started = performance.now();
const sockets = Array.from({ length: connections }, () => {
  const socket = connect(port, '127.0.0.1', () => socket.write(REQUEST));
  socket.setNoDelay(true);
  socket.setEncoding('utf8');
  socket.on('data', (/** @type {string} */ data) => {
    if (!data.endsWith(END_OF_ANSWER)) return;
    answered += 1;
    socket.write(REQUEST);
  });
  return socket;
});

setTimeout(() => {
  console.log(answered / ((performance.now() - started) / 1000));
  for (const socket of sockets) socket.destroy();
}, milliseconds);
