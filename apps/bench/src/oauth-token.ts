import { createHash, randomBytes } from 'node:crypto';
import { base64, FORM_TYPE, JSON_TYPE, type FirstSecrets } from './api-server.js';

const REDIRECT = 'https://bench.example/back';

/** An application and a user's token for it, got as a browser and an application get one. */
export interface GrantedToken {
  /** How the application proves itself. */
  readonly client: { readonly authorization: string };
  readonly token: string;
}

/** @param call of the API, as an admin */
export async function grantedToken(
  origin: string,
  { password }: FirstSecrets,
  call: (method: string, path: string, body?: object) => Promise<unknown>,
): Promise<GrantedToken> {
  const appId = 'bench-application';
  const { credentials } = (await call('POST', '/auth/api/account/create', {
    appId,
    authorizationGrantTypes: ['AUTHORIZATION_CODE'],
    homepageUrl: 'https://bench.example/',
    redirectUri: REDIRECT,
    scope: ['PROJECT'],
  })) as { credentials: { secretKey: string }[] };
  const client = { authorization: `Basic ${base64(`${appId}:${credentials[0]?.secretKey}`)}` };

  const cookies = new Map<string, string>();
  const browse = async (url: string, options: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { ...(options.headers as Record<string, string>), cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(new URL(url, origin), { ...options, headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  const post = (url: string, body: object) =>
    browse(url, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
  const dataOf = async (answer: Response) => ((await answer.json()) as { data: Record<string, string> }).data;

  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: appId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'PROJECT',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  await post('/auth/api/user/login', { userId: 'admin', password });
  await browse(`/oauth/auth?${asked.toString()}`);
  const { id } = await dataOf(await browse('/consent/request'));
  const { location = '' } = await dataOf(await post('/consent/decision', { id, allow: true }));
  const back = (await browse(location)).headers.get('location') ?? '';
  const answer = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { ...client, ...FORM_TYPE },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(back).searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (!token) throw new Error(`the application got no token: ${answer.status}`);
  return { client, token };
}
