// A receiver in a process of its own: reads each batch, answers 204, and says how many events it has had.
import { createServer } from 'node:http';

let events = 0;
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    events += JSON.parse(Buffer.concat(chunks).toString('utf8')).length;
    response.writeHead(204).end();
    process.send({ events });
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
