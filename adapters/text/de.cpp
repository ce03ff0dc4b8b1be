// SPDX-License-Identifier: Apache-2.0
// German.
#include "adapters/text/texts.hpp"

namespace twinlock::text {

constinit const Texts german = {
    .page =
        {
            .language_name = "Deutsch",
            .skip_to_content = "Zum Inhalt springen",
            .signed_in_as = "Angemeldet als",
            .help_contact = "Hilfe nötig? Fragen Sie {contact}.",
            .error_prefix = "Fehler: ",
            .cancel = "Abbrechen",
            .back = "Zurück",
            .continue_ = "Weiter",
            .one_second = "1 Sekunde",
            .seconds = "{n} Sekunden",
            .one_minute = "1 Minute",
            .minutes = "{n} Minuten",
            .one_hour = "1 Stunde",
            .hours = "{n} Stunden",
            .security_title = "Kontosicherheit",
            .security_intro = "Ein zweiter Schritt bei der Anmeldung schützt Ihr Konto auch dann, wenn "
                              "jemand Ihr Passwort erfährt.",
            .switch_label = "Anmeldung mit zweitem Faktor",
            .state_on = "Ein",
            .state_off = "Aus",
            .turn_on = "Einschalten",
            .turn_off = "Ausschalten",
            .off_hint = "Zum Anmelden genügt Ihr Passwort.",
            .on_hint = "Zum Anmelden brauchen Sie Ihr Passwort und einen Code aus Ihrer Authenticator-App.",
            .required_hint = "Ihre Organisation verlangt sie; ausschalten lässt sie sich nicht.",
            .required_off_hint = "Ihre Organisation verlangt sie. Bitte richten Sie sie ein.",
            .since = "Ein seit",
            .last_used = "Zuletzt benutzt",
            .never_used = "noch nie",
            .continue_setup = "Einrichtung fortsetzen",
            .recovering_notice = "Um {time} wurde der Wiederherstellungscode dieses Kontos eingegeben, um "
                                 "ohne Ihre Authenticator-App hineinzukommen.",
            .recovering_title = "Eine Wiederherstellung dieses Kontos wurde begonnen",
            .recovering_if_not_you = "Wenn Sie das nicht waren, geben Sie einen Code aus Ihrer App ein und "
                                     "brechen Sie sie jetzt ab.",
            .recovering_prompt = "Wenn Sie das nicht waren: Eine Anmeldung mit einem Code bricht sie ab.",
            .recovering_mine = "Das war ich selbst",
            .cancel_recovery = "Diese Wiederherstellung abbrechen",
            .cancelled_title = "Die Wiederherstellung ist abgebrochen",
            .cancelled_text =
                "Es wurde nichts geändert, und der verschickte Link gilt nicht mehr. Wenn Sie sie nicht "
                "begonnen haben, kennt jemand Ihr Passwort und Ihren Wiederherstellungscode: Ändern Sie Ihr "
                "Passwort und erzeugen Sie einen neuen Wiederherstellungscode.",
            .recovery_heading = "Wiederherstellungscode",
            .recovery_hint = "Mit ihm und Ihrem Postfach kommen Sie wieder hinein, wenn Ihr Telefon verloren "
                             "ist. Wenn Sie ihn nicht finden oder jemand ihn "
                             "gesehen haben könnte, erzeugen Sie einen neuen: Der alte gilt dann nicht mehr.",
            .recovery_renew = "Neuen Wiederherstellungscode erzeugen",
            .recovery_undrawn = "Es gibt noch keinen Wiederherstellungscode. Ohne ihn müssen Sie um Hilfe "
                                "bitten, wenn Ihr Telefon verloren geht.",
            .recovery_unsaved =
                "Sie haben noch nicht gezeigt, dass Sie Ihren Wiederherstellungscode gesichert haben.",
            .browsers_heading = "Angemeldete Browser",
            .browsers_hint = "Dieser Browser fragt eine Weile nicht mehr nach einem Code. Melden Sie sich "
                             "überall ab, wenn ein Gerät verloren ging oder geteilt wurde.",
            .sign_out = "Hier abmelden",
            .sign_out_everywhere = "Überall abmelden",
            .start_title = "Zweiten Faktor einrichten",
            .start_intro = "Sie verbinden eine Authenticator-App auf Ihrem Telefon und bestätigen sie mit "
                           "einem Code. Das dauert etwa eine Minute.",
            .start_need =
                "Sie brauchen eine Authenticator-App, zum Beispiel Google Authenticator, Duo oder Authy.",
            .start_required = "Ihre Organisation verlangt die Anmeldung mit zweitem Faktor. Bitte richten "
                              "Sie ihn jetzt ein.",
            .start_again = "In diesem Browser läuft keine Einrichtung: Sie ist beendet oder wurde anderswo "
                           "begonnen. Bitte beginnen Sie von vorn.",
            .start_button = "Beginnen",
            .stale_sign_in_title = "Bitte melden Sie sich zuerst neu an",
            .stale_sign_in_text = "Sie haben Ihr Passwort vor mehr als {wait} eingegeben. Damit das niemand "
                                  "tun kann, der Ihren Browser offen vorfindet, "
                                  "melden Sie sich neu an und kommen Sie dann auf diese Seite zurück.",
            .stale_sign_in_link = "Neu anmelden",
            .enroll_title = "App verbinden",
            .enroll_scan = "Dieses Bild scannen",
            .enroll_scan_hint = "Öffnen Sie Ihre Authenticator-App, fügen Sie ein Konto hinzu und halten Sie "
                                "die Kamera hierher.",
            .enroll_qr_alt = "QR-Code mit dem Schlüssel, der unten auch als Text steht",
            .enroll_key_heading = "Oder diesen Schlüssel eintippen",
            .enroll_key_hint = "Wenn Sie nicht scannen können, wählen Sie in der App „Schlüssel eingeben“. "
                               "Zeitbasiert, 6 Ziffern.",
            .enroll_code_heading = "Code eingeben",
            .enroll_deadline = "Dieser Schlüssel gilt noch {wait}.",
            .enroll_button = "Einschalten",
            .code_label = "Sechsstelliger Code",
            .code_hint = "Aus Ihrer Authenticator-App. Er wechselt alle 30 Sekunden.",
            .code_fresh_hint =
                "Jeder Code gilt einmal. Wenn Sie gerade einen benutzt haben, warten Sie auf den nächsten.",
            .challenge_title = "Code eingeben",
            .challenge_intro = "Ihr Passwort war richtig. Geben Sie jetzt den Code ein, den Ihre "
                               "Authenticator-App für dieses Konto zeigt.",
            .challenge_button = "Anmelden",
            .challenge_recover = "Wiederherstellungscode eingeben",
            .ticket_have = "Ich habe ein Ticket vom Support",
            .ticket_label = "Ticket",
            .ticket_hint = "27 Buchstaben und Ziffern in Vierergruppen. Mit ihm wird ein Code auch dann "
                           "geprüft, wenn Sie sonst warten müssten.",
            .misformed_ticket = "Das ist kein vollständiges Ticket: Bitte prüfen Sie auf Tippfehler.",
            .wrong_ticket = "Dieses Ticket zählt nicht: Es ist falsch, älter als 30 Minuten, verbraucht, "
                            "oder ein neueres wurde ausgegeben.",
            .spent_ticket = "Das war der letzte Code, für den dieses Ticket galt.",
            .disable_title = "Zweiten Faktor ausschalten",
            .disable_intro = "Danach öffnet Ihr Passwort allein Ihr Konto. Der Eintrag in Ihrer App und Ihr "
                             "Wiederherstellungscode gelten nicht mehr.",
            .disable_button = "Ausschalten",
            .disable_forbidden = "Ihre Organisation verlangt die Anmeldung mit zweitem Faktor; sie lässt "
                                 "sich nicht ausschalten.",
            .renew_title = "Neuen Wiederherstellungs\u00ADcode erzeugen",
            .renew_intro =
                "Sie sehen einmal einen neuen Wiederherstellungscode. Der alte gilt von da an nicht mehr.",
            .renew_button = "Neu erzeugen",
            .shown_title = "Ihr Wiederherstellungs\u00ADcode",
            .shown_done = "Die Anmeldung mit zweitem Faktor ist eingeschaltet.",
            .shown_intro = "Wenn Sie Ihr Telefon verlieren, kommen Sie mit diesem Code und Ihrem Postfach "
                           "wieder in Ihr Konto. Bewahren Sie ihn getrennt vom Telefon auf: auf Papier oder "
                           "in einem Passwort-Manager.",
            .shown_label = "Wiederherstellungscode",
            .shown_once = "Er wird nur dieses eine Mal gezeigt.",
            .shown_keep = "Geben Sie ihn niemandem, der Sie anruft oder Ihnen schreibt.",
            .copy = "Kopieren",
            .copied = "Kopiert",
            .print = "Drucken",
            .download = "Herunterladen",
            .saved_title = "Sicherung bestätigen",
            .saved_intro =
                "Zeigen Sie, dass Sie Ihren Wiederherstellungscode wiederfinden: Tippen Sie ihn von dort ab.",
            .saved_group_label = "Letzte Gruppe des Wiederherstellungscodes",
            .saved_group_hint =
                "Gesichert? Dann tippen Sie die letzten drei Buchstaben oder Ziffern von dort ab.",
            .saved_button = "Ich habe ihn gesichert",
            .saved_lost = "Nicht zu finden?",
            .shown_once_title = "Er wurde schon gezeigt",
            .shown_once_text = "Der Wiederherstellungscode wird nur ein Mal gezeigt. Wenn Sie ihn nicht "
                               "sichern konnten, erzeugen Sie einen neuen.",
            .close = "Schließen",
            .recover_title = "Konto wiederherstellen",
            .recover_intro = "Telefon verloren? Geben Sie den Wiederherstellungscode ein, den Sie beim "
                             "Einrichten gesichert haben.",
            .recover_label = "Wiederherstellungscode",
            .recover_hint = "27 Buchstaben und Ziffern in Vierergruppen. Bindestriche, Leerzeichen und "
                            "Großschreibung spielen keine Rolle.",
            .recover_next = "Wenn er stimmt, bekommen Sie eine Mail mit einem Link, der die "
                            "Wiederherstellung abschließt.",
            .recover_none = "Auch keinen Wiederherstellungscode?",
            .recover_button = "Weiter",
            .sent_title = "Sehen Sie in Ihr Postfach",
            .sent_text = "Eine Mail mit einem Link ist unterwegs an {address}. Er gilt 10 Minuten.",
            .sent_browser = "Öffnen Sie den Link am besten in diesem Browser. In einem anderen werden Sie "
                            "noch einmal nach dem Wiederherstellungscode gefragt.",
            .sent_lost =
                "Es kommt nichts an? Sehen Sie im Spam-Ordner nach und versuchen Sie es dann noch einmal.",
            .no_address_title = "Keine Mail-Adresse hinterlegt",
            .no_address_text = "Der Wiederherstellungscode stimmt, aber es gibt keine Mail-Adresse, an die "
                               "der Link gehen könnte. Nichts wurde geändert.",
            .ask_contact = "Bitte fragen Sie {contact}.",
            .ask_nobody = "Bitte fragen Sie die Betreiber dieser Seite.",
            .confirm_title = "Wiederherstellung abschließen",
            .confirm_intro =
                "Drücken Sie den Knopf, um den verlorenen Authenticator von Ihrem Konto zu nehmen.",
            .confirm_optional =
                "Wenn Sie das nicht verlangt haben, schließen Sie diese Seite und ändern Sie Ihr Passwort.",
            .confirm_code_intro = "Die Wiederherstellung wurde in einem anderen Browser verlangt. Bitte "
                                  "geben Sie den Wiederherstellungscode noch einmal ein.",
            .confirm_button = "Wiederherstellung abschließen",
            .recovered_title = "Wiederherstellung abgeschlossen",
            .recovered_off = "Die Anmeldung mit zweitem Faktor ist jetzt aus. Sie können sich mit Ihrem "
                             "Passwort anmelden und gleich Ihr neues Telefon einrichten.",
            .recovered_replacing = "Ihr verlorener Authenticator gilt nicht mehr. Richten Sie Ihr neues "
                                   "Telefon innerhalb von 30 Minuten in diesem Browser ein.",
            .recovered_account = "Kontosicherheit",
            .recovered_setup = "Neues Telefon einrichten",
            .replacing_title = "Neuen Authenticator einrichten",
            .replacing_intro = "Ihr verlorener Authenticator wurde von diesem Konto genommen. Bevor Sie sich "
                               "anmelden können, muss ein neuer eingerichtet werden.",
            .replacing_grant_here = "Dieser Browser darf ihn jetzt einrichten.",
            .replacing_button = "Jetzt einrichten",
            .replacing_other =
                "Machen Sie in dem Browser weiter, in dem Sie die Wiederherstellung abgeschlossen haben, "
                "oder geben Sie den Einrichtungscode ein, den Sie von der Hilfe bekommen haben.",
            .replacing_none = "Kein Einrichtungscode?",
            .replacing_not_you =
                "Wenn Sie das nicht verlangt haben, war es jemand anderes: Ändern Sie sofort Ihr Passwort.",
            .grant_label = "Einrichtungscode",
            .grant_hint = "27 Buchstaben und Ziffern in Vierergruppen. Er gilt 30 Minuten.",
            .grant_button = "Mit diesem Code einrichten",
            .locked_title = "Zu viele falsche Codes",
            .locked_text = "Nach 100 falschen Codes in Folge nimmt dieses Konto keine Codes mehr an, auch "
                           "keine richtigen. Ihr Wiederherstellungscode gilt weiterhin.",
            .locked_recover = "Wiederherstellungscode eingeben",
            .wrong_code = "Dieser Code wurde nicht angenommen. Geben Sie den Code ein, den die App jetzt "
                          "zeigt; jeder gilt einmal. Wenn es immer wieder scheitert, prüfen Sie, ob die Uhr "
                          "Ihres Telefons automatisch gestellt wird.",
            .misformed_code = "Geben Sie die sechs Ziffern ein, die Ihre App zeigt.",
            .wait_codes = "Zu viele falsche Codes. Versuchen Sie es in {wait} noch einmal.",
            .wait_more = "Der nächste Versuch geht in {wait}.",
            .setup_cancelled = "Zehn Codes waren falsch, darum wurde diese Einrichtung abgebrochen. Löschen "
                               "Sie den Eintrag in Ihrer App und beginnen Sie von vorn.",
            .misformed_recovery =
                "Das ist kein vollständiger Wiederherstellungscode: Bitte prüfen Sie auf Tippfehler.",
            .wrong_recovery = "Dieser Wiederherstellungscode wurde nicht angenommen.",
            .wait_links = "Innerhalb einer Stunde gingen drei Mails mit einem Link hinaus; mehr geht nicht. "
                          "Der Link in der letzten gilt noch, 10 Minuten ab dem Versand. Die nächste kann in "
                          "{wait} hinausgehen.",
            .wait_setup = "Die Einrichtung wurde zu oft begonnen. Versuchen Sie es in {wait} noch einmal.",
            .misformed_grant =
                "Das ist kein vollständiger Einrichtungscode: Bitte prüfen Sie auf Tippfehler.",
            .wrong_grant =
                "Dieser Einrichtungscode wurde nicht angenommen. Er ist vielleicht älter als 30 Minuten.",
            .wrong_state_title = "Das geht jetzt nicht",
            .wrong_state_text = "Ihr Konto hat sich inzwischen geändert, vielleicht in einem anderen "
                                "Fenster. Es wurde nichts getan.",
            .already_off_text =
                "Für dieses Konto ist kein zweiter Faktor eingerichtet. Sie können ohne Code weitermachen.",
            .unauthorized_title = "Bitte melden Sie sich zuerst an",
            .unauthorized_text = "Diese Seite muss wissen, wer Sie sind, und der Webserver hat es nicht "
                                 "gesagt. Bitte melden Sie sich an und kommen Sie wieder.",
            .host_title = "Dieser Anfrage ist nicht zu trauen",
            .host_text = "Der Webserver hat nicht wie vereinbart weitergegeben, wer Sie sind. Das Protokoll "
                         "und „twinlock doctor“ sagen den Betreibern mehr.",
            .malformed_title = "Diese Anfrage war nicht zu verstehen",
            .malformed_text = "Bitte gehen Sie zurück und versuchen Sie es noch einmal.",
            .malformed_field = "Mit dem Feld „{field}“ stimmt etwas nicht.",
            .origin_title = "Das kam von einer anderen Seite",
            .origin_text = "Zu Ihrer Sicherheit nimmt diese Seite nur Formulare an, die sie Ihnen selbst "
                           "gezeigt hat. Es wurde nichts getan.",
            .stale_title = "Diese Seite war zu alt",
            .stale_text = "Das Formular war abgelaufen, oder Ihr Browser behält keine Cookies. Es wurde "
                          "nichts getan; bitte versuchen Sie es noch einmal.",
            .pass_title = "Bitte geben Sie zuerst einen Code ein",
            .pass_text = "Das geht nur in einem Browser, der sich mit einem Code angemeldet hat.",
            .look_alike_title = "Bitte melden Sie sich genau so an, wie Sie sich registriert haben",
            .look_alike_text =
                "Sie haben Ihren Namen anders geschrieben, vielleicht mit anderer Groß- und Kleinschreibung, "
                "mit "
                "Akzenten oder Leerzeichen, und der zweite Faktor gehört zur anderen Schreibweise. Bitte "
                "melden Sie "
                "sich ab und mit Ihrem Namen genau in der registrierten Schreibweise wieder an.",
            .forbidden_title = "Nicht erlaubt",
            .not_found_title = "Diese Seite gibt es nicht",
            .not_found_text = "Vielleicht ist die Adresse vertippt.",
            .method_title = "Das geht hier nicht",
            .method_text = "Diese Adresse nimmt eine solche Anfrage nicht an.",
            .large_title = "Das ist zu viel",
            .large_text = "Die Anfrage ist größer, als diese Seite annimmt.",
            .media_title = "Das ist kein Formular",
            .media_text = "Diese Seite nimmt nur Formulare an (application/x-www-form-urlencoded).",
            .link_title = "Dieser Link gilt nicht mehr",
            .link_text = "Er wurde benutzt, ist älter als 10 Minuten, oder ein neuerer wurde verschickt. "
                         "Nichts wurde geändert. Geben Sie Ihren Wiederherstellungscode noch einmal ein, um "
                         "einen neuen zu bekommen.",
            .other_account_title = "Dieser Link gehört zu einem anderen Konto",
            .other_account_text = "Sie sind als jemand anderes angemeldet. Melden Sie sich dort ab und "
                                  "öffnen Sie den Link dann noch einmal.",
            .unavailable_title = "Bitte versuchen Sie es gleich noch einmal",
            .unavailable_text = "Ihr Konto ließ sich gerade nicht lesen oder ändern. Es ist nichts verloren; "
                                "bitte versuchen Sie es noch einmal.",
        },

    .mail =
        {
            .greeting = "Guten Tag,",
            .account_label = "Konto",
            .time_label = "Wann",
            .source_label = "Von Adresse",
            .new_address_label = "Neue Adresse",
            .nobody = "die Betreiber von {issuer}",
            .link_label = "Um fortzufahren, öffnen Sie diesen Link und drücken Sie auf der Seite den Knopf:",
            .never_elsewhere = "Der Link gilt einmal und nur 10 Minuten lang. Geben Sie nie einen Code, "
                               "einen Wiederherstellungscode oder "
                               "diesen Link auf einer anderen Seite ein, und geben Sie sie niemandem weiter, "
                               "auch nicht am Telefon: {issuer} "
                               "fragt nie danach.",
            .footer = "Diese Nachricht wurde automatisch verschickt. Sie kommt bei jeder Änderung Ihres "
                      "zweiten Faktors.",

            .enabled =
                {
                    .subject = "{issuer}: Anmeldung mit zweitem Faktor ist eingeschaltet",
                    .what = "Für Ihr Konto bei {issuer} wurde die Anmeldung mit zweitem Faktor "
                            "eingeschaltet. Ab jetzt braucht "
                            "die Anmeldung einen Code aus Ihrer Authenticator-App.",
                    .advice = "Wenn Sie das waren, ist nichts weiter zu tun. Bewahren Sie den "
                              "Wiederherstellungscode so auf, "
                              "dass Sie ihn auch ohne Ihr Telefon finden.\n\nWenn Sie das nicht waren, kann "
                              "sich jemand "
                              "anderes in Ihrem Konto anmelden. Wenden Sie sich sofort an {contact}.",
                },
            .disabled =
                {
                    .subject = "{issuer}: Anmeldung mit zweitem Faktor ist ausgeschaltet",
                    .what = "Für Ihr Konto bei {issuer} wurde die Anmeldung mit zweitem Faktor "
                            "ausgeschaltet. Die alten Codes "
                            "und der alte Wiederherstellungscode sind ungültig.",
                    .advice = "Wenn Sie das waren, ist nichts weiter zu tun.\n\nWenn Sie das nicht waren, "
                              "wenden Sie sich "
                              "sofort an {contact} und ändern Sie Ihr Passwort.",
                },
            .recovery_code_renewed =
                {
                    .subject = "{issuer}: neuer Wiederherstellungscode",
                    .what = "Für Ihr Konto bei {issuer} wurde ein neuer Wiederherstellungscode erzeugt. Der "
                            "alte ist ungültig.",
                    .advice = "Wenn Sie das waren, bewahren Sie den neuen Code auf und werfen Sie den alten "
                              "weg.\n\nWenn Sie "
                              "das nicht waren, hat jemand anderes Ihre Authenticator-App oder einen Code "
                              "daraus. Wenden Sie "
                              "sich sofort an {contact}.",
                },
            .recovery_asked =
                {
                    .subject = "{issuer}: Zweiter Faktor verloren?",
                    .what =
                        "Der Wiederherstellungscode Ihres Kontos bei {issuer} wurde eingegeben, um ohne die "
                        "Authenticator-App in das Konto zu kommen. Noch hat sich nichts geändert.",
                    .advice = "Wenn Sie das nicht waren, öffnen Sie den Link nicht. Melden Sie sich bei "
                              "{issuer} an, öffnen Sie \"Kontosicherheit\" und drücken Sie \"Diese "
                              "Wiederherstellung abbrechen\" mit einem Code aus Ihrer App. Ändern Sie dann "
                              "Ihr Passwort und erzeugen Sie einen neuen Wiederherstellungscode: Jemand "
                              "kennt beide. Sagen Sie {contact} Bescheid.",
                },
            .recovery_confirmed =
                {
                    .subject = "{issuer}: Ihr zweiter Faktor wurde entfernt",
                    .what = "Die Wiederherstellung Ihres Kontos bei {issuer} ist abgeschlossen. Der "
                            "verlorene Authenticator "
                            "zählt nicht mehr, seine Codes und der Wiederherstellungscode sind ungültig, und "
                            "jeder Browser "
                            "muss sich neu anmelden.",
                    .advice = "Wenn Sie das waren, richten Sie die Anmeldung mit zweitem Faktor auf Ihrem "
                              "neuen Gerät wieder "
                              "ein.\n\nWenn Sie das nicht waren, wenden Sie sich sofort an {contact} und "
                              "ändern Sie Ihr "
                              "Passwort.",
                },
            .recovery_cancelled =
                {
                    .subject = "{issuer}: Wiederherstellung abgebrochen",
                    .what = "Die Wiederherstellung Ihres Kontos bei {issuer} wurde abgebrochen, weil ein "
                            "richtiger Code aus der "
                            "Authenticator-App eingegeben wurde. Der verschickte Link ist ungültig.",
                    .advice = "Wenn Sie Ihren Authenticator wiedergefunden haben, ist nichts weiter zu "
                              "tun.\n\nWenn Sie die "
                              "Wiederherstellung nicht verlangt haben, kennt jemand Ihren "
                              "Wiederherstellungscode: Erneuern Sie "
                              "ihn auf der Seite \"Sicherheit\" und wenden Sie sich an {contact}.\n\nWenn "
                              "Sie jenen Code nicht "
                              "eingegeben haben, wenden Sie sich sofort an {contact}.",
                },
            .reset =
                {
                    .subject = "{issuer}: Ihr zweiter Faktor wurde zurückgesetzt",
                    .what = "Der Betrieb von {issuer} hat den zweiten Faktor Ihres Kontos zurückgesetzt. Die "
                            "alten Codes und "
                            "der alte Wiederherstellungscode sind ungültig.",
                    .advice = "Wenn Sie darum gebeten haben, richten Sie die Anmeldung mit zweitem Faktor "
                              "wieder ein.\n\nWenn "
                              "Sie nicht darum gebeten haben, wenden Sie sich sofort an {contact}.",
                },
            .address_changed =
                {
                    .subject = "{issuer}: Nachrichten gehen an eine neue Adresse",
                    .what = "Nachrichten über den zweiten Faktor Ihres Kontos bei {issuer} gehen ab jetzt an "
                            "eine andere "
                            "Adresse. Dies ist die letzte an diese Adresse.",
                    .advice = "Wenn Sie Ihre Adresse geändert haben, ist nichts weiter zu tun.\n\nWenn "
                              "nicht, wenden Sie sich "
                              "sofort an {contact}.",
                },
            .ten_failures =
                {
                    .subject = "{issuer}: zehn falsche Codes in Folge",
                    .what = "Für Ihr Konto bei {issuer} wurden zehn falsche Codes in Folge eingegeben. Wer "
                            "sie eingegeben hat, "
                            "muss vor jedem weiteren Versuch warten und wurde nicht eingelassen.",
                    .advice = "Wenn Sie das waren: Ein Telefon, dessen Uhr falsch geht, zeigt falsche Codes. "
                              "Prüfen Sie, dass "
                              "die Uhrzeit automatisch eingestellt wird, und versuchen Sie es dann noch "
                              "einmal.\n\nWenn Sie "
                              "das nicht waren, kennt wahrscheinlich jemand Ihr Passwort. Ändern Sie es und "
                              "wenden Sie sich an "
                              "{contact}.",
                },
            .locked =
                {
                    .subject = "{issuer}: Ihr Konto nimmt keine Codes mehr an",
                    .what = "Für Ihr Konto bei {issuer} wurden hundert falsche Codes in Folge eingegeben. Es "
                            "nimmt jetzt keine "
                            "Codes mehr an, auch keine richtigen. Niemand wurde eingelassen.",
                    .advice =
                        "Um wieder hineinzukommen, benutzen Sie Ihren Wiederherstellungscode "
                        "(\"Wiederherstellungscode "
                        "eingeben\" auf der Anmeldeseite), oder bitten Sie {contact}, Ihren zweiten Faktor "
                        "zurückzusetzen.\n\nWenn die falschen Codes nicht von Ihnen kamen, kennt "
                        "wahrscheinlich jemand "
                        "Ihr Passwort. Ändern Sie es und wenden Sie sich an {contact}.",
                },
            .ticket_issued =
                {
                    .subject = "{issuer}: Für Ihr Konto wurde ein Ticket ausgegeben",
                    .what =
                        "Jemand hat {issuer} um Hilfe bei der Anmeldung in Ihr Konto gebeten, und ein "
                        "Ticket wurde ausgegeben. Mit ihm und einem Code aus Ihrer Authenticator-App "
                        "gelingt die Anmeldung auch dann, wenn das Konto nach falschen Codes warten muss. "
                        "Das Ticket gilt 30 Minuten und lässt allein niemanden ein.",
                    .advice =
                        "Wenn Sie darum gebeten haben, geben Sie das Ticket zusammen mit einem Code auf "
                        "der Anmeldeseite ein.\n\nWenn Sie nicht darum gebeten haben, gibt sich jemand "
                        "für Sie aus. Ändern Sie Ihr Passwort und wenden Sie sich sofort an {contact}.",
                },
            .imported =
                {
                    .subject = "{issuer}: Ihre Authenticator-App wurde übernommen",
                    .what = "Die Authenticator-App, die Sie für Ihr Konto schon benutzen, wurde in die "
                            "Anmeldung mit zweitem Faktor von {issuer} übernommen. Sie zeigt weiter die "
                            "richtigen Codes. Einen Wiederherstellungscode gibt es noch nicht.",
                    .advice =
                        "Melden Sie sich an und erzeugen Sie auf der Seite \"Sicherheit\" einen "
                        "Wiederherstellungscode: Ohne ihn müssen Sie {contact} fragen, wenn Ihr Telefon "
                        "verloren geht.\n\nWenn Sie keine solche App haben oder die Codes nicht "
                        "angenommen werden, wenden Sie sich an {contact}.",
                },
        },
};

}  // namespace twinlock::text
