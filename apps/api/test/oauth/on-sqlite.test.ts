import { everySubject } from './every-subject.js';

everySubject('SQLite', async () => ({}));
