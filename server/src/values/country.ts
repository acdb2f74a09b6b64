/** ISO 3166-1 alpha-2, upper case; `001` for numbers that belong to no country (satellite, international networks). */
export type CountryCode = string;
