// SPDX-License-Identifier: Apache-2.0
// English.
#include "adapters/text/texts.hpp"

namespace twinlock::text {

constinit const Texts english = {
    .page =
        {
            .language_name = "English",
            .skip_to_content = "Skip to content",
            .signed_in_as = "Signed in as",
            .help_contact = "Need help? Ask {contact}.",
            .error_prefix = "Error: ",
            .cancel = "Cancel",
            .back = "Back",
            .continue_ = "Continue",
            .one_second = "1 second",
            .seconds = "{n} seconds",
            .one_minute = "1 minute",
            .minutes = "{n} minutes",
            .one_hour = "1 hour",
            .hours = "{n} hours",
            .security_title = "Account security",
            .security_intro =
                "A second step at sign-in keeps your account safe even if somebody learns your password.",
            .switch_label = "Two-factor sign-in",
            .state_on = "On",
            .state_off = "Off",
            .turn_on = "Turn on",
            .turn_off = "Turn off",
            .off_hint = "Signing in needs only your password.",
            .on_hint = "Signing in needs your password and a code from your authenticator app.",
            .required_hint = "Your organization requires it, so it cannot be turned off.",
            .required_off_hint = "Your organization requires it. Set it up to go on.",
            .since = "On since",
            .last_used = "Last used",
            .never_used = "not yet",
            .continue_setup = "Continue setting up",
            .recovering_notice = "At {time} the recovery code of this account was entered, to get in without "
                                 "your authenticator app.",
            .recovering_title = "A recovery of this account was begun",
            .recovering_if_not_you = "If that was not you, enter a code from your app and cancel it now.",
            .recovering_prompt = "If that was not you, signing in with a code cancels it.",
            .recovering_mine = "I began it myself",
            .cancel_recovery = "Cancel this recovery",
            .cancelled_title = "The recovery is cancelled",
            .cancelled_text = "Nothing was changed, and the mailed link no longer works. If you did not "
                              "begin it, somebody knows your password and your recovery code: change your "
                              "password, and make a new recovery code.",
            .recovery_heading = "Recovery code",
            .recovery_hint = "With your mailbox, it lets you back in if your phone is lost. If you cannot "
                             "find yours, or somebody "
                             "may have seen it, make a new one: the old one stops working.",
            .recovery_renew = "Make a new recovery code",
            .recovery_undrawn =
                "There is no recovery code yet. Without one, losing your phone means asking for help.",
            .recovery_unsaved = "You have not shown yet that you saved your recovery code.",
            .browsers_heading = "Signed-in browsers",
            .browsers_hint = "This browser will not ask for a code again for a while. Sign out everywhere if "
                             "a device was lost or shared.",
            .sign_out = "Sign out here",
            .sign_out_everywhere = "Sign out everywhere",
            .start_title = "Set up two-factor sign\u2011in",
            .start_intro = "You will connect an authenticator app on your phone, then prove it with one "
                           "code. It takes about a minute.",
            .start_need = "You need an authenticator app, such as Google Authenticator, Duo or Authy.",
            .start_required = "Your organization requires two-factor sign-in. Please set it up now.",
            .start_again = "There is no setup in progress in this browser: it ended, or it was begun "
                           "somewhere else. Please start again.",
            .start_button = "Start",
            .stale_sign_in_title = "Please sign in again first",
            .stale_sign_in_text = "You entered your password more than {wait} ago. So that nobody who finds "
                                  "your browser open can do this for you, "
                                  "sign in again, then come back to this page.",
            .stale_sign_in_link = "Sign in again",
            .enroll_title = "Connect your app",
            .enroll_scan = "Scan this picture",
            .enroll_scan_hint =
                "Open your authenticator app, choose to add an account, and point the camera here.",
            .enroll_qr_alt = "QR code with the setup key that is also shown as text below",
            .enroll_key_heading = "Or type this key",
            .enroll_key_hint =
                "If you cannot scan, choose “enter a setup key” in the app. Time-based, 6 digits.",
            .enroll_code_heading = "Enter the code",
            .enroll_deadline = "This key is good for another {wait}.",
            .enroll_button = "Turn on",
            .code_label = "Six-digit code",
            .code_hint = "From your authenticator app. It changes every 30 seconds.",
            .code_fresh_hint = "Each code works once. If you just used one, wait for the next.",
            .challenge_title = "Enter your code",
            .challenge_intro = "Your password was right. Now enter the code that your authenticator app "
                               "shows for this account.",
            .challenge_button = "Sign in",
            .challenge_recover = "Enter recovery code",
            .ticket_have = "I have a ticket from support",
            .ticket_label = "Ticket",
            .ticket_hint = "27 letters and digits in groups of four. With it, a code is looked at even while "
                           "you would have to wait.",
            .misformed_ticket = "That is not a whole ticket: please check for a typing error.",
            .wrong_ticket = "This ticket does not count: it is wrong, is older than 30 minutes, was used up, "
                            "or a newer one was given out.",
            .spent_ticket = "That was the last code that this ticket was good for.",
            .disable_title = "Turn off two-factor sign-in",
            .disable_intro = "Afterwards, your password alone opens your account. Your app’s entry and your "
                             "recovery code stop working.",
            .disable_button = "Turn off",
            .disable_forbidden = "Your organization requires two-factor sign-in, so it cannot be turned off.",
            .renew_title = "Make a new recovery code",
            .renew_intro = "You will see a new recovery code once. The old one stops working at that moment.",
            .renew_button = "Make a new one",
            .shown_title = "Your recovery code",
            .shown_done = "Two-factor sign-in is on.",
            .shown_intro = "If you lose your phone, this code and your mailbox let you back in. Keep it "
                           "apart from your phone: on paper or in a password manager.",
            .shown_label = "Recovery code",
            .shown_once = "It is shown this one time only.",
            .shown_keep = "Never give it to anybody who calls or writes to you.",
            .copy = "Copy",
            .copied = "Copied",
            .print = "Print",
            .download = "Download",
            .saved_title = "Confirm that you saved it",
            .saved_intro = "Show that you have your recovery code where you can find it: type it from there.",
            .saved_group_label = "Last group of the recovery code",
            .saved_group_hint = "Saved it? Then type its last three letters or digits from what you saved.",
            .saved_button = "I have saved it",
            .saved_lost = "Cannot find it?",
            .shown_once_title = "It was shown already",
            .shown_once_text =
                "The recovery code is shown one time only. If you could not save it, make a new one.",
            .close = "Close",
            .recover_title = "Recover your account",
            .recover_intro =
                "Lost your phone? Enter the recovery code that you saved when you set up two-factor sign-in.",
            .recover_label = "Recovery code",
            .recover_hint =
                "27 letters and digits in groups of four. Hyphens, spaces and capitals do not matter.",
            .recover_next = "If it is right, you get a mail with a link that completes the recovery.",
            .recover_none = "No recovery code either?",
            .recover_button = "Continue",
            .sent_title = "Check your mail",
            .sent_text = "A mail with a link is on its way to {address}. It is good for 10 minutes.",
            .sent_browser = "It is best to open the link in this browser: another one asks for the recovery "
                            "code again.",
            .sent_lost = "Nothing arrives? Look in the spam folder, then try again.",
            .no_address_title = "No mail address on file",
            .no_address_text = "The recovery code is right, but there is no mail address to send the link "
                               "to. Nothing was changed.",
            .ask_contact = "Please ask {contact}.",
            .ask_nobody = "Please ask the people who run this site.",
            .confirm_title = "Complete the recovery",
            .confirm_intro = "Press the button to take the lost authenticator off your account.",
            .confirm_optional = "If you did not ask for this, close this page and change your password.",
            .confirm_code_intro = "This is not the browser that asked for the recovery. Please enter the "
                                  "recovery code once more.",
            .confirm_button = "Complete the recovery",
            .recovered_title = "Recovery complete",
            .recovered_off = "Two-factor sign-in is off now. You can sign in with your password, and set up "
                             "your new phone at once.",
            .recovered_replacing = "Your lost authenticator no longer works. Set up your new phone within 30 "
                                   "minutes, in this browser.",
            .recovered_account = "Account security",
            .recovered_setup = "Set up your new phone",
            .replacing_title = "Set up your new authenticator",
            .replacing_intro = "Your lost authenticator was taken off this account. Before you can sign in, "
                               "a new one has to be set up.",
            .replacing_grant_here = "This browser may set it up now.",
            .replacing_button = "Set it up now",
            .replacing_other = "Go on in the browser in which you completed the recovery, or enter the setup "
                               "code that support gave you.",
            .replacing_none = "No setup code?",
            .replacing_not_you =
                "If you did not ask for this, somebody else did: change your password at once.",
            .grant_label = "Setup code",
            .grant_hint = "27 letters and digits in groups of four. It is good for 30 minutes.",
            .grant_button = "Set up with this code",
            .locked_title = "Too many wrong codes",
            .locked_text = "After 100 wrong codes in a row this account takes no more codes, not even right "
                           "ones. Your recovery code still works.",
            .locked_recover = "Enter recovery code",
            .wrong_code =
                "That code was not accepted. Enter the code that the app shows now; each code works once. If "
                "it keeps failing, check that your phone’s clock is set automatically.",
            .misformed_code = "Enter the six digits that your app shows.",
            .wait_codes = "Too many wrong codes. Try again in {wait}.",
            .wait_more = "You can try again in {wait}.",
            .setup_cancelled = "Ten codes were wrong, so this setup was cancelled. Delete the entry in your "
                               "app and start again.",
            .misformed_recovery = "That is not a whole recovery code: please check for a typing error.",
            .wrong_recovery = "That recovery code was not accepted.",
            .wait_links =
                "Three mails with a link were sent within an hour; that is the most. The link in the last "
                "one still works, for 10 minutes after it was sent. The next can be sent in {wait}.",
            .wait_setup = "Setup was begun too many times. Try again in {wait}.",
            .misformed_grant = "That is not a whole setup code: please check for a typing error.",
            .wrong_grant = "That setup code was not accepted. It may be older than 30 minutes.",
            .wrong_state_title = "That is not possible now",
            .wrong_state_text =
                "Your account has changed in the meantime, perhaps in another window. Nothing was done.",
            .already_off_text = "Two-factor sign-in is off for this account. You can go on without a code.",
            .unauthorized_title = "Please sign in first",
            .unauthorized_text = "This page needs to know who you are, and the web server did not say. "
                                 "Please sign in and come back.",
            .host_title = "This request cannot be trusted",
            .host_text = "The web server did not pass on who you are in the way that was agreed. The "
                         "operator’s log and “twinlock doctor” say more.",
            .malformed_title = "That request was not understood",
            .malformed_text = "Please go back and try again.",
            .malformed_field = "There is something wrong with the field “{field}”.",
            .origin_title = "That came from another site",
            .origin_text =
                "For your safety, this page only takes forms that it has shown you itself. Nothing was done.",
            .stale_title = "This page was too old",
            .stale_text = "The form had expired, or your browser does not keep cookies. Nothing was done; "
                          "please try again.",
            .pass_title = "Please enter a code first",
            .pass_text = "This needs a browser that has signed in with a code.",
            .look_alike_title = "Please sign in exactly as you registered",
            .look_alike_text = "You typed your name in another way, perhaps with other capital letters, "
                               "accents or spaces, and "
                               "two-factor sign-in belongs to the other spelling. Please sign out and sign "
                               "in again with the name "
                               "exactly as you registered it.",
            .forbidden_title = "Not allowed",
            .not_found_title = "There is no such page",
            .not_found_text = "The address may be mistyped.",
            .method_title = "That does not work here",
            .method_text = "This address does not take that kind of request.",
            .large_title = "That is too much",
            .large_text = "The request is larger than this page takes.",
            .media_title = "That is not a form",
            .media_text = "This page only takes forms (application/x-www-form-urlencoded).",
            .link_title = "This link does not work any more",
            .link_text = "It was used, is older than 10 minutes, or a newer one was sent. Nothing was "
                         "changed. You can enter your recovery code again to get a new one.",
            .other_account_title = "This link is for another account",
            .other_account_text =
                "You are signed in as somebody else. Sign out there, then open the link again.",
            .unavailable_title = "Please try again in a moment",
            .unavailable_text =
                "Your account could not be read or changed just now. Nothing is lost; please try again.",
        },

    .mail =
        {
            .greeting = "Hello,",
            .account_label = "Account",
            .time_label = "When",
            .source_label = "From address",
            .new_address_label = "New address",
            .nobody = "the people who run {issuer}",
            .link_label = "To go on, open this link and press the button on the page:",
            .never_elsewhere = "The link works once and for 10 minutes only. Never enter a code, a recovery "
                               "code or this link on "
                               "any other site, and give them to nobody, not on the phone either: {issuer} "
                               "never asks for them.",
            .footer =
                "This message was sent automatically. It is sent at every change of your second factor.",

            .enabled =
                {
                    .subject = "{issuer}: two-factor sign-in is on",
                    .what = "Two-factor sign-in was turned on for your account at {issuer}. From now on, "
                            "signing in "
                            "needs a code from your authenticator app.",
                    .advice = "If this was you, there is nothing more to do. Keep the recovery code where "
                              "you can find it "
                              "without your phone.\n\nIf this was not you, somebody else can sign in to your "
                              "account. "
                              "Tell {contact} at once.",
                },
            .disabled =
                {
                    .subject = "{issuer}: two-factor sign-in is off",
                    .what = "Two-factor sign-in was turned off for your account at {issuer}. The old codes "
                            "and the old "
                            "recovery code are void.",
                    .advice = "If this was you, there is nothing more to do.\n\nIf this was not you, tell "
                              "{contact} at once "
                              "and change your password.",
                },
            .recovery_code_renewed =
                {
                    .subject = "{issuer}: new recovery code",
                    .what = "A new recovery code was made for your account at {issuer}. The old one is void.",
                    .advice =
                        "If this was you, keep the new code and throw the old one away.\n\nIf this was not "
                        "you, "
                        "somebody else has your authenticator app or a code from it. Tell {contact} at once.",
                },
            .recovery_asked =
                {
                    .subject = "{issuer}: did you lose your second factor?",
                    .what = "The recovery code of your account at {issuer} was entered, to sign in without "
                            "the authenticator "
                            "app. Nothing has changed yet.",
                    .advice = "If this was not you, do not open the link. Sign in to {issuer}, open "
                              "\"Account security\" and press \"Cancel this recovery\" with a code from your "
                              "app. Then change your password and make a new recovery code: somebody knows "
                              "both. Tell {contact}.",
                },
            .recovery_confirmed =
                {
                    .subject = "{issuer}: your second factor was removed",
                    .what = "The recovery of your account at {issuer} was completed. The lost authenticator "
                            "no longer "
                            "counts, its codes and the recovery code are void, and every browser has to sign "
                            "in anew.",
                    .advice = "If this was you, set up two-factor sign-in again on your new device.\n\nIf "
                              "this was not you, "
                              "tell {contact} at once and change your password.",
                },
            .recovery_cancelled =
                {
                    .subject = "{issuer}: recovery cancelled",
                    .what = "The recovery that had been asked for your account at {issuer} was cancelled, "
                            "because a right code "
                            "from the authenticator app was entered. The mailed link is void.",
                    .advice = "If you found your authenticator again, there is nothing more to do.\n\nIf you "
                              "did not ask for "
                              "the recovery, somebody knows your recovery code: renew it on the Security "
                              "page and tell "
                              "{contact}.\n\nIf you did not enter that code, tell {contact} at once.",
                },
            .reset =
                {
                    .subject = "{issuer}: your second factor was reset",
                    .what = "An operator of {issuer} reset the second factor of your account. The old codes "
                            "and the old "
                            "recovery code are void.",
                    .advice = "If you asked for this, set up two-factor sign-in again.\n\nIf you did not ask "
                              "for this, tell "
                              "{contact} at once.",
                },
            .address_changed =
                {
                    .subject = "{issuer}: messages go to a new address",
                    .what = "Messages about the second factor of your account at {issuer} will go to another "
                            "address from now "
                            "on. This is the last one to this address.",
                    .advice = "If you changed your address, there is nothing more to do.\n\nIf you did not, "
                              "tell {contact} at "
                              "once.",
                },
            .ten_failures =
                {
                    .subject = "{issuer}: ten wrong codes in a row",
                    .what = "Ten wrong codes in a row were entered for your account at {issuer}. Whoever "
                            "entered them has to "
                            "wait before each further try, and was not let in.",
                    .advice = "If this was you: a phone whose clock is wrong shows wrong codes. Check that "
                              "its time is set "
                              "automatically, then try again.\n\nIf this was not you, somebody probably "
                              "knows your password. "
                              "Change it, and tell {contact}.",
                },
            .locked =
                {
                    .subject = "{issuer}: your account takes no more codes",
                    .what = "A hundred wrong codes in a row were entered for your account at {issuer}. It "
                            "takes no more codes "
                            "now, not even right ones. Nobody was let in.",
                    .advice = "To get in again, use your recovery code (\"Enter recovery code\" on the "
                              "sign-in page), or ask "
                              "{contact} to reset your second factor.\n\nIf the wrong codes were not yours, "
                              "somebody probably "
                              "knows your password. Change it, and tell {contact}.",
                },
            .ticket_issued =
                {
                    .subject = "{issuer}: support gave out a ticket for your account",
                    .what = "Somebody asked {issuer} for help with signing in to your account, and a ticket "
                            "was given "
                            "out. With it, and with a code from your authenticator app, a sign-in works "
                            "although wrong codes made the account wait. The ticket is good for 30 minutes "
                            "and lets nobody in by itself.",
                    .advice = "If you asked for it, enter the ticket together with a code on the sign-in "
                              "page.\n\nIf you did not ask for it, somebody pretends to be you. Change your "
                              "password, and tell {contact} at once.",
                },
            .imported =
                {
                    .subject = "{issuer}: your authenticator was taken over",
                    .what = "The authenticator app that you already use for your account was taken over into "
                            "the two-factor sign-in of {issuer}. It keeps showing the right codes. There is "
                            "no recovery code yet.",
                    .advice = "Sign in and make a recovery code on the Security page: without it, losing "
                              "your phone means asking "
                              "{contact}.\n\nIf you have no such app, or the codes are not accepted, tell "
                              "{contact}.",
                },
        },
};

}  // namespace twinlock::text
