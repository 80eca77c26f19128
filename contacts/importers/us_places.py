"""States and territories of the United States: names, Open Civic Data ids and the time zone most of each lives in.

Source: USPS abbreviations, FIPS state codes; zones from the IANA database by the capital's or largest city's zone.
"""

# code: (name, FIPS, kind in the OCD id, IANA zone)
PLACES: dict[str, tuple[str, str, str, str]] = {
    "AL": ("Alabama", "01", "state", "America/Chicago"),
    "AK": ("Alaska", "02", "state", "America/Anchorage"),
    "AZ": ("Arizona", "04", "state", "America/Phoenix"),
    "AR": ("Arkansas", "05", "state", "America/Chicago"),
    "CA": ("California", "06", "state", "America/Los_Angeles"),
    "CO": ("Colorado", "08", "state", "America/Denver"),
    "CT": ("Connecticut", "09", "state", "America/New_York"),
    "DE": ("Delaware", "10", "state", "America/New_York"),
    "DC": ("District of Columbia", "11", "district", "America/New_York"),
    "FL": ("Florida", "12", "state", "America/New_York"),
    "GA": ("Georgia", "13", "state", "America/New_York"),
    "HI": ("Hawaii", "15", "state", "Pacific/Honolulu"),
    "ID": ("Idaho", "16", "state", "America/Boise"),
    "IL": ("Illinois", "17", "state", "America/Chicago"),
    "IN": ("Indiana", "18", "state", "America/Indiana/Indianapolis"),
    "IA": ("Iowa", "19", "state", "America/Chicago"),
    "KS": ("Kansas", "20", "state", "America/Chicago"),
    "KY": ("Kentucky", "21", "state", "America/New_York"),
    "LA": ("Louisiana", "22", "state", "America/Chicago"),
    "ME": ("Maine", "23", "state", "America/New_York"),
    "MD": ("Maryland", "24", "state", "America/New_York"),
    "MA": ("Massachusetts", "25", "state", "America/New_York"),
    "MI": ("Michigan", "26", "state", "America/Detroit"),
    "MN": ("Minnesota", "27", "state", "America/Chicago"),
    "MS": ("Mississippi", "28", "state", "America/Chicago"),
    "MO": ("Missouri", "29", "state", "America/Chicago"),
    "MT": ("Montana", "30", "state", "America/Denver"),
    "NE": ("Nebraska", "31", "state", "America/Chicago"),
    "NV": ("Nevada", "32", "state", "America/Los_Angeles"),
    "NH": ("New Hampshire", "33", "state", "America/New_York"),
    "NJ": ("New Jersey", "34", "state", "America/New_York"),
    "NM": ("New Mexico", "35", "state", "America/Denver"),
    "NY": ("New York", "36", "state", "America/New_York"),
    "NC": ("North Carolina", "37", "state", "America/New_York"),
    "ND": ("North Dakota", "38", "state", "America/Chicago"),
    "OH": ("Ohio", "39", "state", "America/New_York"),
    "OK": ("Oklahoma", "40", "state", "America/Chicago"),
    "OR": ("Oregon", "41", "state", "America/Los_Angeles"),
    "PA": ("Pennsylvania", "42", "state", "America/New_York"),
    "RI": ("Rhode Island", "44", "state", "America/New_York"),
    "SC": ("South Carolina", "45", "state", "America/New_York"),
    "SD": ("South Dakota", "46", "state", "America/Chicago"),
    "TN": ("Tennessee", "47", "state", "America/Chicago"),
    "TX": ("Texas", "48", "state", "America/Chicago"),
    "UT": ("Utah", "49", "state", "America/Denver"),
    "VT": ("Vermont", "50", "state", "America/New_York"),
    "VA": ("Virginia", "51", "state", "America/New_York"),
    "WA": ("Washington", "53", "state", "America/Los_Angeles"),
    "WV": ("West Virginia", "54", "state", "America/New_York"),
    "WI": ("Wisconsin", "55", "state", "America/Chicago"),
    "WY": ("Wyoming", "56", "state", "America/Denver"),
    "AS": ("American Samoa", "60", "territory", "Pacific/Pago_Pago"),
    "GU": ("Guam", "66", "territory", "Pacific/Guam"),
    "MP": ("Northern Mariana Islands", "69", "territory", "Pacific/Saipan"),
    "PR": ("Puerto Rico", "72", "territory", "America/Puerto_Rico"),
    "VI": ("U.S. Virgin Islands", "78", "territory", "America/St_Thomas"),
}


def division_id(code: str) -> str:
    """The Open Civic Data id of a state, district or territory by its two letters."""
    return f"ocd-division/country:us/{PLACES[code][2]}:{code.lower()}"


def district_id(code: str, number: int) -> str:
    """The id of a congressional district; 0 is at large, which is the state's own division."""
    return f"{division_id(code)}/cd:{number}" if number else division_id(code)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
