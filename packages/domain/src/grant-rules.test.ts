import { describe, expect, test } from '@jest/globals';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { compareGrantTypes, parseGrantType, parseGrantTypes, parseScope, parseScopes } from './grant-rules.js';

describe('the set of grant types', () => {
  test('has no order: the same types in another order are the same list', () => {
    expect(parseGrantTypes(['AUTHORIZATION_CODE', 'PLATFORM'])).toEqual(['PLATFORM', 'AUTHORIZATION_CODE']);
    expect(parseGrantTypes(['PLATFORM', 'AUTHORIZATION_CODE'])).toEqual(['PLATFORM', 'AUTHORIZATION_CODE']);
  });

  test('counts a doubled type once', () => {
    expect(parseGrantTypes(['PLATFORM', 'PLATFORM'])).toEqual(['PLATFORM']);
  });

  test('is never empty', () => {
    expect(refusalOf(() => parseGrantTypes([]))).toEqual(fieldRefusal('authorizationGrantTypes', 'empty'));
  });

  test.each(['platform', 'PASSWORD', '', ' PLATFORM', 'constructor'])('knows no type %j', (word) => {
    const allowed = 'PLATFORM, AUTHORIZATION_CODE';
    expect(refusalOf(() => parseGrantTypes(['PLATFORM', word]))).toEqual(
      fieldRefusal('authorizationGrantTypes', 'not_one_of', { allowed }),
    );
    expect(refusalOf(() => parseGrantType('type', word))).toEqual(fieldRefusal('type', 'not_one_of', { allowed }));
  });
});

describe('the set of scopes', () => {
  test('knows SYSTEM, PROJECT, REPO and NODE, in no order, doubles counted once', () => {
    const all = ['SYSTEM', 'PROJECT', 'REPO', 'NODE'];
    expect(parseScopes(['NODE', 'REPO', 'NODE', 'PROJECT', 'SYSTEM'])).toEqual(all);
    expect(all.map((word) => parseScope('scope', word))).toEqual(all);
  });

  test('may be empty', () => {
    expect(parseScopes([])).toEqual([]);
  });

  test.each(['system', 'ALL', ''])('knows no scope %j', (word) => {
    const refusal = fieldRefusal('scope', 'not_one_of', { allowed: 'SYSTEM, PROJECT, REPO, NODE' });
    expect(refusalOf(() => parseScopes([word]))).toEqual(refusal);
    expect(refusalOf(() => parseScope('scope', word))).toEqual(refusal);
  });
});

describe('a change of grant types', () => {
  test('is compared as sets and not by number: one type in the place of the other is both added and removed', () => {
    expect(compareGrantTypes(['PLATFORM'], ['AUTHORIZATION_CODE'])).toEqual({
      added: ['AUTHORIZATION_CODE'],
      removed: ['PLATFORM'],
    });
  });

  test('is no change when only the order differs', () => {
    expect(compareGrantTypes(['PLATFORM', 'AUTHORIZATION_CODE'], ['AUTHORIZATION_CODE', 'PLATFORM'])).toEqual({
      added: [],
      removed: [],
    });
  });
});
