import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SigningKey } from '@claviger/domain';
import { aSigningKey, aSigningKeyEvent } from '../builders.js';
import type { Database } from '../memory-database.js';
import { recordsIn, type OpenEmpty } from './open-empty.js';

/** What every reader and every store of signing keys keeps. */
export function signingKeyContract(open: OpenEmpty): void {
  describe('a store of signing keys', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const add = async (told: Parameters<typeof aSigningKey>[0] = {}): Promise<SigningKey> => {
      const key = aSigningKey(told);
      await database.unitOfWork.run(async ({ signingKeys }) => {
        await signingKeys.list();
        await signingKeys.add(key, aSigningKeyEvent());
      });
      return key;
    };
    const remove = (key: SigningKey) =>
      database.unitOfWork.run(async ({ signingKeys }) => {
        await signingKeys.list();
        await signingKeys.remove(key, aSigningKeyEvent('signing_key.withdrawn'));
      });

    test('gives every field back, to readers and in a unit', async () => {
      const key = await add({ createdAt: 5, signsFrom: 9e15 });
      expect(await database.signingKeys.list()).toEqual([key]);
      expect(await database.unitOfWork.run(({ signingKeys }) => signingKeys.list())).toEqual([key]);
    });

    test('removes one and leaves the others', async () => {
      const [leaving, staying] = [await add(), await add()];
      await remove(leaving);
      expect(await database.signingKeys.list()).toEqual([staying]);
    });

    test('keeps a record beside each of them, without the key', async () => {
      const key = await add();
      await remove(key);
      const records = await recordsIn(database);
      const subject = { kind: 'signing_key', id: key.id, name: key.id };
      expect(records).toMatchObject([
        { name: 'signing_key.created', subject },
        { name: 'signing_key.withdrawn', subject },
      ]);
      expect(JSON.stringify(records)).not.toContain(key.privateKey.box);
    });

    test('keeps nothing of a unit that fails', async () => {
      const key = await add();
      const failing = database.unitOfWork.run(async ({ signingKeys }) => {
        await signingKeys.list();
        await signingKeys.remove(key, aSigningKeyEvent('signing_key.retired'));
        await signingKeys.add(aSigningKey(), aSigningKeyEvent());
        throw new Error('late');
      });
      await expect(failing).rejects.toThrow('late');
      expect(await database.signingKeys.list()).toEqual([key]);
      expect(await recordsIn(database)).toHaveLength(1);
    });

    test('lets one of many who found none make the first', async () => {
      const makeFirst = () =>
        database.unitOfWork.run(async ({ signingKeys }) => {
          const found = await signingKeys.list();
          if (found.length > 0) return found;
          const key = aSigningKey();
          await signingKeys.add(key, aSigningKeyEvent());
          return [key];
        });
      for (let round = 0; round < 5; round++) {
        const told = await Promise.all(Array.from({ length: 8 }, makeFirst));
        const kept = await database.signingKeys.list();
        expect(kept).toHaveLength(1);
        for (const each of told) expect(each).toEqual(kept);
        for (const key of kept) await remove(key);
      }
    });
  });
}
