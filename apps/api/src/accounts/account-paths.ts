/** Where the account API is served; the second prefix is the one that the original platform's gateway puts before it. */
export const ACCOUNT_PATHS = ['auth/api/account', 'ms/auth/api/account'];
