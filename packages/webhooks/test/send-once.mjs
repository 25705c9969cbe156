// Sends one message to the address it is given and prints how that ended: which authorities are trusted is settled when
// a process starts.
import { httpMessenger } from '../dist/index.js';

const [, , url] = process.argv;
const messenger = httpMessenger({ timeout: 5_000, allowPrivateAddresses: true, userAgent: 'claviger/test' });
const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
const outcome = await messenger.send({ url, id: 'evt_1', at: Date.now(), body: '{}', secrets });
process.stdout.write(JSON.stringify(outcome));
// And nothing keeps this process alive: a connection that is kept does not.
