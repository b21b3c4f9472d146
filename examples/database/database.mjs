// Runs a DynamoDB in memory with an empty table, and then a command beside it, until that ends.
// Usage: node database.mjs PORT TABLE PARTITION-KEY:TYPE SORT-KEY:TYPE [COMMAND ARGUMENT...]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import dynalite from 'dynalite';

const [port, table, partition, sort, command, ...args] = process.argv.slice(2);
const keys = [partition, sort].map((key) => key.split(':'));
const server = dynalite({ createTableMs: 0 }).listen(port, '127.0.0.1');
await once(server, 'listening');
const endpoint = `http://127.0.0.1:${server.address().port}`;

const response = await fetch(endpoint, {
  method: 'POST',
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.CreateTable',
    'x-amz-date': '20260101T000000Z',
    // Any signature will do.
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
  },
  body: JSON.stringify({
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keys.map(([AttributeName], i) => ({ AttributeName, KeyType: ['HASH', 'RANGE'][i] })),
  }),
});
if (!response.ok) throw new Error(await response.text());
console.log(`DynamoDB with the table ${table}, in memory, at ${endpoint}`);

if (command) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {}); // the command ends first
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
  process.exit(code ?? 1);
}
