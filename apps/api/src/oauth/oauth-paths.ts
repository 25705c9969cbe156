/** Where the original console asks for authorizations; the second prefix is the one that its gateway puts before it. */
export const OAUTH_CALL_PATHS = ['auth/api/oauth', 'ms/auth/api/oauth'];
