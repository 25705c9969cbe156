import * as claviger from '@claviger/domain';

// Keys, ids and the time come from you: the rules have no randomness, no clock and no database of their own.
const now = Date.parse('2026-01-01T00:00:00.000Z');
const newKey = (letter: string): claviger.NewKey => ({
  accessKey: claviger.accessKeyFrom(letter.repeat(24)),
  secretKey: claviger.secretKeyFrom(letter.repeat(43)),
  sealedSecret: { pepperId: 'demo', mac: 'the HMAC that you keep instead of the secret' },
});

const request = claviger.parseAccountStatement({ appId: 'shop', authorizationGrantTypes: ['PLATFORM'] });
const account = claviger.openAccount(request, {
  id: claviger.parseAccountId('id', '019b7a3e-0000-7000-8000-000000000001'),
  owner: claviger.parseUserId('olga'),
  keys: { PLATFORM: newKey('p'), AUTHORIZATION_CODE: newKey('c') },
  expiresAt: null,
  now,
});
const credential = claviger.credentialOf(account, newKey('p').accessKey);

console.log(claviger.maskedSecret(credential)); // "csk_pppp*****"
console.log(claviger.judgeCredential(account, credential, now)); // {"accepted":true}

const locked = claviger.lockAccount(account, true, now);
console.log(claviger.judgeCredential(locked, credential, now)); // {"accepted":false,"because":"account_locked"}

try {
  claviger.withdrawCredential(account, credential.accessKey, now);
} catch (error) {
  if (!(error instanceof claviger.PlatformError)) throw error;
  console.log(error.code); // "credential_is_last"
  console.log(claviger.messageOf(error, 'zh')); // "这是该授权方式的最后一个凭证，请先创建另一个。"
}

// A scanner that looks for leaked keys needs nothing but the text.
console.log(claviger.parseAccessKey('cak_pppppppppppppppppppppppp000000')); // null
