/** Where the user API is served; the second prefix is the one that the original platform's gateway puts before it. */
export const USER_PATHS = ['auth/api/user', 'ms/auth/api/user'];
