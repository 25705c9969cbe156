// Opens a database as a user without rights, because root may write everywhere. Everything is loaded before.
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../dist/index.js';

new Sqlite(':memory:').close();
if (process.getuid() === 0) {
  process.setgid(65534);
  process.setuid(65534);
}
try {
  await openDatabase({ url: `sqlite:${process.argv[2]}`, migrate: 'auto', startTimeout: 60_000 });
  process.send('opened');
} catch (error) {
  process.send(String(error));
}
process.disconnect();
